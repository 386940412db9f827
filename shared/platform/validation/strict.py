"""Texts of a query or a path as values: one spelling for each, as strict as JSON is in bodies.

Left to itself, pydantic takes ``5.0``, ``" 5"`` and ``1_000`` for whole numbers, ``yes`` for a
boolean and ``20261201`` for a moment in 1970: whoever sends that means something else.
"""

import re
from datetime import datetime
from typing import Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from shared.kernel.clock import from_iso

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,99})")
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_BOOLEANS = {"true": True, "false": False}


def refused(kind: str, message: str, **params: Any) -> PydanticCustomError:
    """Return the error for a value that is wrong; *kind* becomes its ``type``.

    *params* are the facts of the sentence, for clients that say it in another language.
    """
    known = {"reason": message, "params": params}
    return PydanticCustomError(kind, "{reason}", known)  # type: ignore[arg-type,type-arg,unused-ignore]


def _whole(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _WHOLE.fullmatch(value):
        raise refused("int_parsing", "Must be a whole number, such as 20.")
    return int(value)


def _boolean(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value not in _BOOLEANS:
        allowed = [*_BOOLEANS]
        raise refused("bool_parsing", "Must be true or false.", allowed=allowed)
    return _BOOLEANS[value]


def moment(value: Any) -> Any:
    """Return a text as RFC 3339 has it, with its time zone, as a moment in UTC."""
    if value is None or isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and _RFC_3339.fullmatch(value):  # from_iso takes more forms
            return from_iso(value)
    except (ValueError, OverflowError):
        pass  # the 30th of February, or a day that UTC cannot name
    raise refused("datetime", "Must be a date and time, such as 2026-12-01T09:00:00Z.")


WHOLE_NUMBER = BeforeValidator(_whole)
"""For an ``int``: decimal digits, without leading zeros, blanks or a plus."""

TRUE_OR_FALSE = BeforeValidator(_boolean)
"""For a ``bool``: ``true`` or ``false``."""

MOMENT = BeforeValidator(moment)
"""For a ``datetime``: RFC 3339 with its time zone; it is in UTC then."""
