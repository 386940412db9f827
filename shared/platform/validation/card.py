"""Payment card numbers: recognised so that they can be refused and masked. None is ever stored."""

import re
from enum import StrEnum

from shared.platform.telemetry.masking import is_card_number
from shared.platform.validation.strict import refused
from shared.platform.validation.types import text_type

_SEPARATORS = str.maketrans("", "", " -")


class CardBrand(StrEnum):
    """Who issues cards whose numbers begin in this way (ISO/IEC 7812-1)."""

    AMEX = "amex"
    DINERS = "diners"
    DISCOVER = "discover"
    JCB = "jcb"
    MAESTRO = "maestro"
    MASTERCARD = "mastercard"
    UNIONPAY = "unionpay"
    VISA = "visa"
    OTHER = "other"


_BRANDS = (
    (CardBrand.AMEX, r"3[47]\d{13}"),
    (CardBrand.DINERS, r"3(?:0[0-5]|[689]\d)\d{11,16}"),
    (CardBrand.JCB, r"35(?:2[89]|[3-8]\d)\d{12,15}"),
    (CardBrand.DISCOVER, r"6(?:011|4[4-9]\d|5\d\d)\d{12,15}"),
    (CardBrand.UNIONPAY, r"62\d{14,17}"),
    (CardBrand.MASTERCARD, r"(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"),
    (CardBrand.MAESTRO, r"(?:5018|5020|5038|5893|6304|6759|6761|6762|6763)\d{8,15}"),
    (CardBrand.VISA, r"4(?:\d{12}|\d{15}|\d{18})"),
)


def brand_of(number: str) -> CardBrand:
    """Return the brand of a card *number*, digits only; ``OTHER`` for a range not listed."""
    return next(
        (brand for brand, form in _BRANDS if re.fullmatch(form, number, re.ASCII)), CardBrand.OTHER
    )


def _normalise(text: str) -> str:
    digits = text.translate(_SEPARATORS)
    if not (digits.isascii() and digits.isdigit() and is_card_number(digits)):
        raise refused("card_number", "Must be a payment card number.")
    return digits


CardNumberText = text_type(_normalise, max_length=40, example="4242 4242 4242 4242")
"""13 to 19 digits that pass Luhn's check, without their blanks and hyphens."""
