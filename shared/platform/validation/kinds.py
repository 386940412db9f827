"""What a rule can say of one value; a kind of rule is a function that makes an evaluator.

@kind("even")
def _even(parameters: bool) -> Evaluator: ...
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic_core import SchemaError, SchemaValidator, core_schema

from shared.platform.validation import checks

Evaluator = Callable[[Any], str | None]
"""Says what is wrong with a value, or nothing."""

Kind = Callable[[Any], Evaluator]
"""Makes the evaluator for a rule's parameters; `ValueError` for parameters it cannot take."""

KINDS: dict[str, Kind] = {}
"""Every kind of rule by its name; ``required`` is about the field and not its value."""

_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
_FORMATS: dict[str, checks.Check] = {
    "email": checks.is_email,
    "phone": checks.is_phone,
    "url": checks.is_url,
    "uuid": checks.is_uuid,
    "ip": checks.is_ip,
    "card_number": checks.is_card_number,
}


def kind(name: str) -> Callable[[Kind], Kind]:
    """Register the decorated maker of evaluators as rule *name*."""

    def register(make: Kind) -> Kind:
        if name in KINDS:
            msg = f"there is a rule {name!r} already"
            raise ValueError(msg)
        KINDS[name] = make
        return make

    return register


@kind("type")
def _type(name: str) -> Evaluator:
    if name not in _TYPES:
        msg = f"Must be one of: {', '.join(_TYPES)}."
        raise ValueError(msg)
    return lambda value: None if _TYPES[name](value) else f"Must be of type {name}."


@kind("range")
def _range(bounds: object) -> Evaluator:
    lowest, highest = _bounds(bounds)

    def evaluate(value: Any) -> str | None:
        if not _TYPES["number"](value) or value != value:  # noqa: PLR0124  # NaN is in no range
            return "Must be a number."
        if value < lowest:
            return f"Must be at least {lowest}."
        return f"Must be at most {highest}." if value > highest else None

    return evaluate


@kind("length")
def _length(bounds: object) -> Evaluator:
    lowest, highest = _bounds(bounds)

    def evaluate(value: Any) -> str | None:
        if not isinstance(value, str | list):
            return "Must be a text or a list."
        if len(value) < lowest:
            return f"Must have at least {lowest} {_unit(value)}."
        return f"Must have at most {highest} {_unit(value)}." if len(value) > highest else None

    return evaluate


def _unit(value: object) -> str:
    return "characters" if isinstance(value, str) else "entries"


def _bounds(bounds: object) -> tuple[float, float]:
    if not isinstance(bounds, Mapping) or not bounds or bounds.keys() - {"min", "max"}:
        msg = "Give min, max or both."
        raise ValueError(msg)
    if not all(_TYPES["number"](bound) for bound in bounds.values()):
        msg = "Give numbers as min and max."
        raise ValueError(msg)
    return bounds.get("min", float("-inf")), bounds.get("max", float("inf"))


@kind("pattern")
def _pattern(pattern: object) -> Evaluator:
    """Match all of a text, in linear time whatever the pattern: it comes from data.

    The syntax is that of Rust's ``regex``: no look-around and no back references.
    """
    if not isinstance(pattern, str):
        msg = "Give a regular expression."
        raise TypeError(msg)
    try:
        _matching(pattern)  # alone first: "a)|(b" is none, and would be one in the group below
        whole = _matching(f"^(?:{pattern})$")
    except SchemaError:
        msg = "Must be a regular expression, and not too large."
        raise ValueError(msg) from None
    return lambda value: None if whole.isinstance_python(value) else f"Must match {pattern}."


def _matching(pattern: str) -> SchemaValidator:
    schema = core_schema.str_schema(pattern=pattern, strict=True, regex_engine="rust-regex")
    return SchemaValidator(schema)


@kind("enum")
def _enum(values: object) -> Evaluator:
    if not isinstance(values, list) or not values:
        msg = "Give a list of the values allowed."
        raise ValueError(msg)
    listed = ", ".join(map(str, values))

    def evaluate(value: Any) -> str | None:
        known = any(type(value) is type(each) and value == each for each in values)
        return None if known else f"Must be one of: {listed}."

    return evaluate


@kind("format")
def _format(name: str) -> Evaluator:
    if name not in _FORMATS:
        msg = f"Must be one of: {', '.join(_FORMATS)}."
        raise ValueError(msg)
    return lambda value: None if _FORMATS[name](value) else f"Must be a valid {name}."


@kind("date")
def _date(bounds: object) -> Evaluator:
    if not isinstance(bounds, Mapping) or bounds.keys() - {"min", "max"}:
        msg = "Give min, max, both or {}."
        raise ValueError(msg)
    earliest = date.fromisoformat(bounds.get("min", "0001-01-01"))
    latest = date.fromisoformat(bounds.get("max", "9999-12-31"))
    fits = checks.is_date_between(earliest, latest)
    return lambda value: None if fits(value) else f"Must be a day from {earliest} to {latest}."
