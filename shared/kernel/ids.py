"""Identifiers that sort by the time they were made."""

import os
import re
import time
from collections.abc import Callable

IdSource = Callable[[], str]

_PATTERN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def new_id() -> str:
    """Return a UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits.

    Ids made in different milliseconds sort in the order they were made; nothing else is promised.
    """
    return uuid7(time.time_ns() // 1_000_000, os.urandom(10))


def uuid7(unix_milliseconds: int, randomness: bytes) -> str:
    """Lay out *unix_milliseconds* and ten random bytes as UUID version 7, in lower case."""
    bits = int.from_bytes(randomness)
    value = (
        (unix_milliseconds & 0xFFFF_FFFF_FFFF) << 80
        | 0x7 << 76
        | (bits >> 62 & 0xFFF) << 64
        | 0b10 << 62
        | bits & 0x3FFF_FFFF_FFFF_FFFF
    )
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def id_check(missing: Callable[[str], Exception]) -> Callable[[str], str]:
    """Return what returns an id that may be somebody's, and raises *missing* for any other text.

    So no request asks a table for what :func:`new_id` never gave.
    """

    def checked(text: str) -> str:
        if not is_id(text):
            raise missing(text)
        return text

    return checked


def canonical(text: str) -> str:
    """Return *text* as it names something: an id in upper case is the same id (RFC 9562 §4)."""
    lower = text.lower()
    return lower if is_id(lower) else text


def is_id(text: str) -> bool:
    """Tell whether *text* has the form that :func:`new_id` gives."""
    return _PATTERN.fullmatch(text) is not None
