"""Comparisons: equality over every type, order over texts, numbers and binaries."""

import operator as python
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tools.lab.simulation.engine.errors import invalid
from tools.lab.simulation.engine.operands import Get, Operand
from tools.lab.simulation.engine.values import Value, normal

Test = Callable[[Mapping[str, Value], Mapping[str, Value]], bool]
ORDERED = frozenset({"S", "N", "B"})
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}


def compared(operator: str, gets: Sequence[Get]) -> Test:
    """Return the test of ``left operator right``; what is missing is only unequal to something."""
    left, right = gets
    if operator == "=":

        def equal(item: Mapping[str, Value], values: Mapping[str, Value]) -> bool:
            value = left(item, values)
            return value is not None and value == right(item, values)

        return equal
    if operator == "<>":

        def unequal(item: Mapping[str, Value], values: Mapping[str, Value]) -> bool:
            value = left(item, values)
            return value is None or value != right(item, values)

        return unequal
    holds = _ORDERS[operator]
    return lambda item, values: _ordered(left(item, values), right(item, values), holds)


def between(gets: Sequence[Get]) -> Test:
    """Return the test of ``value BETWEEN low AND high``, both included."""
    middle, low, high = gets

    def test(item: Mapping[str, Value], values: Mapping[str, Value]) -> bool:
        value = middle(item, values)
        return _ordered(value, low(item, values), python.ge) and _ordered(
            value, high(item, values), python.le
        )

    return test


def one_of(gets: Sequence[Get]) -> Test:
    """Return the test of ``value IN (…)``."""
    first, *choices = gets

    def test(item: Mapping[str, Value], values: Mapping[str, Value]) -> bool:
        value = first(item, values)
        return value is not None and any(value == choice(item, values) for choice in choices)

    return test


def refuse_operand(
    operator: str, operands: Sequence[Operand], values: Mapping[str, Value], kind: str
) -> None:
    """Refuse literals that have no order, and bounds that no value is between."""
    for it in operands:
        found = it.kind(values)
        if found and found not in ORDERED:
            raise invalid(
                f"Invalid {kind}: Incorrect operand type for operator or function; operator or"
                f" function: {operator}, operand type: {found}"
            )
    if operator != "BETWEEN":
        return
    low, high = (it.literal(values) for it in operands[1:])
    if low is None or high is None:
        return
    if low.keys() != high.keys():
        raise invalid(
            f"Invalid {kind}: The BETWEEN operator requires same data type for lower and upper"
            f" bounds; lower bound operand: AttributeValue: {low}, upper bound operand:"
            f" AttributeValue: {high}"
        )
    if normal(low) > normal(high):
        raise invalid(
            f"Invalid {kind}: The BETWEEN operator requires upper bound to be greater than or"
            f" equal to lower bound; lower bound operand: AttributeValue: {low}, upper bound"
            f" operand: AttributeValue: {high}"
        )


def _ordered(left: Value | None, right: Value | None, holds: Callable[[Any, Any], bool]) -> bool:
    if left is None or right is None:
        return False
    ((kind, one),) = left.items()
    ((other_kind, other),) = right.items()
    if kind != other_kind or kind not in ORDERED:
        return False
    if kind == "S":
        return holds(one, other)
    return holds(normal(left), normal(right))
