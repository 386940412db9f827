"""Telephone numbers, by Google's libphonenumber (15 ms of import; so a module of its own)."""

from typing import Any

import phonenumbers

from shared.platform.validation.strict import refused
from shared.platform.validation.types import text_type


def phone_text(*, region: str | None = None) -> Any:
    """Return a type for numbers in international form, or in the national one of *region*.

    *region* is an ISO 3166-1 alpha-2 code. The value is E.164: ``+442079460018``.
    """

    def normalise(text: str) -> str:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or number.extension or not phonenumbers.is_valid_number(number):
            raise refused("phone", "Must be a telephone number, with its country code.")
        e164: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return e164

    return text_type(normalise, max_length=40, example="+442079460018")


PhoneText = phone_text()
"""A telephone number with its country code, as E.164."""
