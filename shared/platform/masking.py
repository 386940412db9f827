"""Keeps secrets out of logs, error reports and events."""

import re
from collections.abc import Mapping
from typing import Any

MASK = "*****"
_MAX_DEPTH = 12

_SECRET_KEY = re.compile(
    r"pass(word|wd|phrase)|secret|token|authorization|cookie|api[-_]?key|credential|private[-_]?key"
    r"|card[-_]?(number|no)|^(pan|cvv|cvc|csc|pin)$|x-origin-verify|signature",
    re.IGNORECASE,
)
_NOT_SECRET = frozenset({"token_type", "next_cursor", "prev_cursor", "ClientRequestToken"})
_SECRET_VALUE = re.compile(
    r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # a JSON Web Token
    r"|\b(?:Bearer|Basic)\s+[\w.~+/=-]+"
    r"|\b[2-6]\d(?:[ -]?\d){11,17}\b",  # 13 to 19 digits: a card number, if Luhn agrees
    re.IGNORECASE,
)


def masked(value: Any, *, _depth: int = 0) -> Any:  # noqa: PLR0911  # one per kind of value
    """Return *value* with every secret replaced by ``*****``; the original is left alone.

    A secret is the value of a field whose name says so, at any depth, and whatever in any text
    looks like a bearer token, a JSON Web Token or a payment card number.
    """
    if isinstance(value, str):
        return _SECRET_VALUE.sub(_mask_match, value)
    if _depth > _MAX_DEPTH:
        return MASK
    if isinstance(value, Mapping):
        return {
            key: MASK
            if is_secret_name(key) and inner is not None
            else masked(inner, _depth=_depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(inner, _depth=_depth + 1) for inner in value]
    if isinstance(value, bytes):
        return masked(value.decode("utf-8", "replace"))
    if isinstance(value, int | float | bool | None):
        return value
    return masked(str(value))


def is_secret_name(name: object) -> bool:
    """Tell whether a field of this name holds a secret."""
    return isinstance(name, str) and name not in _NOT_SECRET and bool(_SECRET_KEY.search(name))


def _mask_match(match: re.Match[str]) -> str:
    found = match.group()
    if found[0].isdigit() and not _is_card_number(found):
        return found
    return MASK


def _is_card_number(text: str) -> bool:
    """Luhn's check, ISO/IEC 7812-1 annex B."""
    digits = [int(character) for character in text if character.isdigit()]
    if not 13 <= len(digits) <= 19:  # noqa: PLR2004  # the lengths ISO/IEC 7812 allows
        return False
    doubled = (2 * digit - 9 if digit > 4 else 2 * digit for digit in digits[-2::-2])  # noqa: PLR2004
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
