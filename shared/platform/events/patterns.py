"""EventBridge's event patterns: whether a rule lets an event through.

The same patterns that the templates give to the bus, for what delivers without it: the replay of
stored events and the in-memory bus. Supported are exact values, ``prefix``, ``suffix``,
``anything-but`` (values, or one prefix or suffix), ``numeric``, ``exists`` and ``$or``; a pattern
with anything else is refused rather than guessed at.

Semantics: Amazon EventBridge user guide, "Comparison operators for use in event patterns" and
"Arrays in event patterns": fields are joined by and, the values of a field by or; of an array any
element may match; operators see leaves only, so an object or an empty array does not exist; a
string is never a number and ``true`` is never 1.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

Pattern = Mapping[str, Any]

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}
_AFFIXES = ("prefix", "suffix")


class InvalidPattern(ValueError):
    """The pattern is malformed, or uses an operator that is not supported here."""


def check(pattern: Any) -> None:
    """Raise `InvalidPattern` unless *pattern* is one that `matches` understands."""
    if not isinstance(pattern, Mapping) or not pattern:
        raise InvalidPattern("a pattern is an object with at least one field")
    for field, expected in pattern.items():
        if field == "$or":
            if not isinstance(expected, list) or len(expected) < 2:  # noqa: PLR2004  # or what?
                raise InvalidPattern("$or takes two or more patterns")
            for alternative in expected:
                check(alternative)
        elif isinstance(expected, Mapping):
            check(expected)
        elif isinstance(expected, list) and expected:
            for each in expected:
                _check_value(each)
        else:
            raise InvalidPattern(f"{field} takes an object, or an array of values")


def _check_value(value: Any) -> None:
    if isinstance(value, list):
        raise InvalidPattern("an array stands in no array")
    if not isinstance(value, Mapping):
        return
    if len(value) != 1:
        raise InvalidPattern("a filter has exactly one operator")
    ((name, operand),) = value.items()
    if name == "exists":
        sound = isinstance(operand, bool)
    elif name in _AFFIXES:
        sound = isinstance(operand, str)
    elif name == "numeric":
        sound = _is_comparison(operand)
    elif name == "anything-but":
        sound = _is_exclusion(operand)
    else:
        raise InvalidPattern(f"operator {name} is not supported")
    if not sound:
        raise InvalidPattern(f"{name} cannot take {operand!r}")


def _is_comparison(operand: Any) -> bool:
    """One comparison, or a lower and an upper bound, lower first."""
    if not isinstance(operand, list) or len(operand) not in (2, 4):
        return False
    signs, bounds = operand[::2], operand[1::2]
    if not all(_is_number(bound) for bound in bounds):
        return False
    if len(signs) == 1:
        return signs[0] in _COMPARE
    return signs[0] in (">", ">=") and signs[1] in ("<", "<=") and bounds[0] < bounds[1]


def _is_exclusion(operand: Any) -> bool:
    if isinstance(operand, Mapping):
        ((name, affix),) = operand.items() if len(operand) == 1 else (("", None),)
        return name in _AFFIXES and isinstance(affix, str) and affix != ""
    values = operand if isinstance(operand, list) else [operand]
    return bool(values) and (
        all(isinstance(each, str) for each in values) or all(_is_number(each) for each in values)
    )


def matches(pattern: Pattern, value: Any) -> bool:
    """Tell whether *value*, a whole bus event, gets through *pattern*.

    The pattern is one that `check` has let through: whoever reads a pattern checks it, once.
    """
    for field, expected in pattern.items():
        if field == "$or":
            if not any(matches(alternative, value) for alternative in expected):
                return False
            continue
        inner = value.get(field) if isinstance(value, Mapping) else None
        present = isinstance(value, Mapping) and field in value
        if isinstance(expected, Mapping):
            # All fields of a nested pattern must hold in one and the same element of an array.
            if not any(matches(expected, each) for each in _flat(inner, objects=True) or [{}]):
                return False
        elif not _accepts(expected, _flat(inner, objects=False) if present else []):
            return False
    return True


def _accepts(alternatives: list[Any], leaves: list[Any]) -> bool:
    for each in alternatives:
        if isinstance(each, Mapping) and "exists" in each:
            if each["exists"] is bool(leaves):
                return True
        elif any(_fits(each, leaf) for leaf in leaves):
            return True
    return False


def _fits(wanted: Any, leaf: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return _same(wanted, leaf)
    ((name, operand),) = wanted.items()
    if name == "numeric":
        return _is_number(leaf) and all(
            _COMPARE[sign](leaf, bound)
            for sign, bound in zip(operand[::2], operand[1::2], strict=True)
        )
    if name == "anything-but":
        if isinstance(operand, Mapping):
            return not _fits(operand, leaf)
        values = operand if isinstance(operand, list) else [operand]
        return not any(_same(each, leaf) for each in values)
    starts = name == "prefix"
    return isinstance(leaf, str) and (
        leaf.startswith(operand) if starts else leaf.endswith(operand)
    )


def _flat(value: Any, *, objects: bool) -> list[Any]:
    """Return the leaves (or the objects) that a field offers, those inside of arrays too."""
    if isinstance(value, list):
        return [found for each in value for found in _flat(each, objects=objects)]
    return [value] if isinstance(value, Mapping) == objects else []


def _same(one: Any, other: Any) -> bool:
    return bool(isinstance(one, bool) == isinstance(other, bool) and one == other)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
