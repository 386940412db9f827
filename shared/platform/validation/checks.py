"""The reusable types as plain yes-or-no functions, for code that has a value and no model."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from shared.platform.validation.types import (
    EmailText,
    IpText,
    UrlText,
    UuidText,
    date_between,
    in_range,
    length,
    matching,
    one_of,
)

Check = Callable[[Any], bool]


def accepts(kind: Any) -> Check:
    """Return the function that tells whether *kind*, a type with its bounds, accepts a value."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def check(value: Any) -> bool:
        try:
            adapter.validate_python(value, strict=True)
        except ValidationError:
            return False
        return True

    return check


is_email = accepts(EmailText)
is_ip = accepts(IpText)
is_url = accepts(UrlText)
is_uuid = accepts(UuidText)


def is_phone(value: Any) -> bool:
    """Tell whether *value* is a telephone number with its country code."""
    from shared.platform.validation.phone import PhoneText  # noqa: PLC0415  # its library is large

    return accepts(PhoneText)(value)


def is_card_number(value: Any) -> bool:
    """Tell whether *value* is a payment card number."""
    from shared.platform.validation.card import CardNumberText  # noqa: PLC0415  # rarely needed

    return accepts(CardNumberText)(value)


def has_length(shortest: int, longest: int) -> Check:
    """Return the check of a text's length."""
    return accepts(Annotated[str, length(shortest, longest)])


def matches(pattern: str) -> Check:
    """Return the check that the regular expression *pattern* matches all of a text."""
    return accepts(Annotated[str, matching(pattern)])


def is_in_range(lowest: float, highest: float) -> Check:
    """Return the check of a number's range; a boolean is no number."""
    return accepts(
        Annotated[int, in_range(lowest, highest)] | Annotated[float, in_range(lowest, highest)]
    )


def is_one_of(*values: str) -> Check:
    """Return the check that a text is one of *values*."""
    return accepts(Annotated[str, one_of(*values)])


def is_date_between(earliest: date, latest: date) -> Check:
    """Return the check of a calendar day."""
    return accepts(Annotated[date, date_between(earliest, latest)])
