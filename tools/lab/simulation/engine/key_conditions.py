"""Key conditions: one partition, and a range of sort keys within it."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from tools.lab.simulation.engine.conditions import Node
from tools.lab.simulation.engine.errors import Refused, invalid
from tools.lab.simulation.engine.lexer import DocumentPath
from tools.lab.simulation.engine.operands import Operand
from tools.lab.simulation.engine.spec import KeySchema
from tools.lab.simulation.engine.values import Value, normal

_KIND = "KeyConditionExpression"
_SORT_OPERATORS = frozenset({"=", "<", "<=", ">", ">=", "BETWEEN", "begins_with"})
_SIDES: dict[str, tuple[Any, Any]] = {
    "=": (bisect_left, bisect_right),
    "<": (None, bisect_left),
    "<=": (None, bisect_right),
    ">": (bisect_right, None),
    ">=": (bisect_left, None),
    "BETWEEN": (bisect_left, bisect_right),
}
_TURNED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NOT_SUPPORTED = "Query key condition not supported"


class KeyCondition:
    """A condition on the keys of *schema*; *partition* is the normal form of the one asked for."""

    def __init__(
        self,
        node: Node,
        schema: KeySchema,
        types: Mapping[str, str],
        values: Mapping[str, Value],
    ) -> None:
        parts = _parts(node)
        equal = parts.pop(schema.partition, None)
        if equal is None:
            raise invalid(f"Query condition missed key schema element: {schema.partition}")
        if equal.operator != "=":
            raise invalid(_NOT_SUPPORTED)
        (self.partition,) = _operands(equal, schema.partition, types, values)
        self._sort = parts.pop(schema.sort, None) if schema.sort else None
        if parts:
            if schema.sort and self._sort is None:
                raise invalid(f"Query condition missed key schema element: {schema.sort}")
            raise invalid(_NOT_SUPPORTED)
        self._bounds: list[Any] = []
        if self._sort is not None:
            self._bounds = _operands(self._sort, schema.sort, types, values)

    def range(self, order: Sequence[Any], *, of_index: bool) -> tuple[int, int]:
        """Return the slice of *order* that the condition allows.

        *order* holds sort keys, or for an index tuples that start with one.
        """
        if self._sort is None:
            return 0, len(order)
        operator, low = self._sort.operator, self._bounds[0]
        first = itemgetter(0) if of_index else None
        if operator == "begins_with":
            length = len(low)
            start = bisect_left(order, low, key=first)
            cut = (lambda it: it[0][:length]) if of_index else (lambda it: it[:length])
            return start, bisect_right(order, low, lo=start, key=cut)
        from_side, to_side = _SIDES[operator]
        high = self._bounds[-1]
        return (
            from_side(order, low, key=first) if from_side else 0,
            to_side(order, high, key=first) if to_side else len(order),
        )

    def covers(self, position: Any, *, of_index: bool) -> bool:
        """Say whether the condition allows *position*."""
        return self.range([position], of_index=of_index) == (0, 1)


def _parts(node: Node) -> dict[str, Node]:
    """Return the conditions that AND joins, by the attribute they are about."""
    found: dict[str, Node] = {}
    for part in node.nodes if node.operator == "AND" else (node,):
        if part.operator in ("OR", "NOT", "<>", "IN"):
            raise invalid(f"Invalid operator used in {_KIND}: {part.operator}")
        if part.operator not in _SORT_OPERATORS:
            if part.operator == "AND":
                raise invalid(_NOT_SUPPORTED)
            raise invalid(f"Invalid operator used in {_KIND}: {part.operator}")
        turned = _turned(part)
        name = _attribute(turned)
        if name in found:
            raise invalid(f"{_KIND}s must only contain one condition per key")
        found[name] = turned
    return found


def _turned(part: Node) -> Node:
    """Return a comparison with its attribute first: ``:low < sk`` is ``sk > :low``."""
    if part.operator in _TURNED and part.operands[0].path is None:
        return Node(_TURNED[part.operator], operands=part.operands[::-1])
    return part


def _attribute(part: Node) -> str:
    first, *others = part.operands
    path: DocumentPath | None = first.path
    if first.sized or any(other.sized for other in others):
        raise invalid(f"{_KIND}s cannot contain nested operations")
    if path is None or any(other.path is not None for other in others):
        raise _wrong("Condition value must be a value, and its attribute comes first")
    if len(path) != 1:
        raise _wrong("Key conditions cannot have nested attributes")
    return str(path[0])


def _operands(
    part: Node, name: str, types: Mapping[str, str], values: Mapping[str, Value]
) -> list[Any]:
    return [_bound(operand, types[name], values) for operand in part.operands[1:]]


def _bound(operand: Operand, kind: str, values: Mapping[str, Value]) -> Any:
    value = values[operand.ref]
    if kind not in value:
        raise invalid(
            "One or more parameter values were invalid: Condition parameter type does not match"
            " schema type"
        )
    if kind != "N" and not value[kind]:
        raise invalid(
            "One or more parameter values are not valid. The AttributeValue for a key attribute"
            " cannot contain an empty string value."
        )
    return normal(value)


def _wrong(what: str) -> Refused:
    return invalid(f"Invalid {_KIND}: {what}")
