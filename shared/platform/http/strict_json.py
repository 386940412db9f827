"""JSON as RFC 8259 means it and I-JSON (RFC 7493) narrows it; everything else is refused."""

import json
import re
from typing import Any, NoReturn

MAX_DEPTH = 32
MAX_INTEGER_DIGITS = 19

_SURROGATE = re.compile("[\ud800-\udfff]")


class InvalidJson(ValueError):
    """The text is not acceptable JSON; the message says why."""


def loads(body: bytes) -> Any:
    """Return the value that *body* holds, or raise `InvalidJson`.

    Accepted: UTF-8, no key twice, no NaN or infinities, no lone surrogates, no NUL (no text that
    people write has one, and much that reads text ends at it), integers within 64 bits, nesting
    at most `MAX_DEPTH`.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidJson("the body is not UTF-8") from None
    _check_depth(text)
    try:
        value = _DECODER.decode(text)
    except InvalidJson:
        raise
    except ValueError as error:
        raise InvalidJson(f"the body is not JSON: {error}") from None
    if "\\ud" in text or "\\uD" in text or "\\u0000" in text:
        _check_characters(value)
    return value


def _check_depth(text: str) -> None:  # noqa: C901  # a small state machine
    """Refuse deep nesting before the parser recurses into it."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth, inside, escaped = 0, False, False
    for character in text:
        if inside:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                inside = False
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise InvalidJson(f"the body nests deeper than {MAX_DEPTH}")
        elif character in "]}":
            depth -= 1


def _check_characters(value: Any) -> None:
    pending = [value]
    while pending:
        found = pending.pop()
        if isinstance(found, dict):
            pending += [*found, *found.values()]
        elif isinstance(found, list):
            pending += found
        elif isinstance(found, str):
            if "\0" in found:
                raise InvalidJson("the body has a NUL character")
            if _SURROGATE.search(found):
                raise InvalidJson("the body has a lone surrogate")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidJson("an object has the same key twice")
    return found


def _no_constant(text: str) -> NoReturn:
    raise InvalidJson(f"{text} is not JSON")


def _integer(text: str) -> int:
    if len(text) > MAX_INTEGER_DIGITS + 1:
        raise InvalidJson(f"an integer has more than {MAX_INTEGER_DIGITS} digits")
    value = int(text)
    if not -(2**63) <= value < 2**63:
        raise InvalidJson("an integer does not fit 64 bits")
    return value


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise InvalidJson(f"{text[:20]} is out of range")
    return value


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_constant=_no_constant,
    parse_int=_integer,
    parse_float=_finite,
)
