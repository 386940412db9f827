"""Specifications as DynamoDB expressions: what the sort key can serve, and a filter for the rest.

    reach = reach_of(where, SortKey("GSI1SK", ("mnemonic",)))
    reach.low, reach.high   → bounds of the sort key, both inclusive
    reach.rest              → what is left to filter
    Expression.of(reach.rest)

In memory and in DynamoDB a specification answers the same; a property test holds the two together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.kernel.specification import (
    And,
    Attribute,
    Comparison,
    Not,
    Or,
    Specification,
    all_of,
    conjuncts,
)
from shared.platform.runtime.errors import DatabaseError

MAX_OPERATORS = 300
MAX_BYTES = 4_096
"""DynamoDB's limits on one expression."""

_MAX_IN = 99  # DynamoDB: 100 operands of one IN, and the attribute is one of them
_AFTER = "$"  # the character after the separator
SEPARATOR = "#"
_LAST = "\U0010ffff"

Encode = Callable[[Any], str]


class Untranslatable(DatabaseError):
    """A specification that DynamoDB cannot be asked: of our own kind, or too large."""


@dataclass(frozen=True, slots=True)
class Part:
    """One attribute in a sort key, a text unless *kind* says otherwise.

    *encode* must keep the order; of the parts of a key, all but the last must be encoded in texts
    of one length.
    """

    attribute: str
    encode: Encode = str
    kind: type = str

    def may_serve(self, specification: Specification[Any]) -> bool:
        """Tell whether *specification* is about this part."""
        return (
            isinstance(specification, Attribute)
            and specification.name == self.attribute
            and type(specification.value) is self.kind
        )


@dataclass(frozen=True, slots=True)
class SortKey:
    """The sort key *name* of a table or an index: its parts, joined by ``#``."""

    name: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Reach:
    """The stretch of a sort key to read (``None``: open), and what is to be filtered there."""

    low: str | None
    high: str | None
    rest: Specification[Any] | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing can lie in it; DynamoDB refuses to be asked."""
        return self.low is not None and self.high is not None and self.low > self.high


@dataclass(slots=True)
class Expression:
    """The text of an expression with its names and values."""

    text: str = ""
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    operators: int = 0

    @classmethod
    def of(cls, specification: Specification[Any]) -> "Expression":
        """Return *specification* as a filter; `Untranslatable`."""
        expression = cls()
        expression.text = expression._text(specification)
        if expression.operators > MAX_OPERATORS or len(expression.text.encode()) > MAX_BYTES:
            raise Untranslatable("the specification is too large for one DynamoDB expression")
        return expression

    def _text(self, node: Specification[Any]) -> str:
        self.operators += 1
        match node:
            case And(left, right):
                return f"({self._text(left)} AND {self._text(right)})"
            case Or(left, right):
                return f"({self._text(left)} OR {self._text(right)})"
            case Not(operand):
                return f"(NOT {self._text(operand)})"
            case Attribute(name, Comparison.IN, tuple(values)):
                return self._in(self._name(name), values)
            case Attribute(name, (Comparison.CONTAINS | Comparison.BEGINS_WITH) as test, value):
                return f"{test}({self._name(name)}, {self._value(value)})"
            case Attribute(name, comparison, value):
                return f"{self._name(name)} {comparison} {self._value(value)}"
        raise Untranslatable(f"{type(node).__name__} has no counterpart in DynamoDB")

    def _in(self, name: str, values: tuple[Any, ...]) -> str:
        if not values:  # none of nothing: never
            return f"(attribute_exists({name}) AND attribute_not_exists({name}))"
        held = [self._value(value) for value in values]
        groups = [held[start : start + _MAX_IN] for start in range(0, len(held), _MAX_IN)]
        self.operators += len(groups) - 1
        return "(" + " OR ".join(f"{name} IN ({', '.join(group)})" for group in groups) + ")"

    def _name(self, path: str) -> str:
        steps = []
        for step in path.split("."):
            placeholder = f"#w_{step}"
            self.names[placeholder] = step
            steps.append(placeholder)
        return ".".join(steps)

    def _value(self, value: Any) -> str:
        placeholder = f":w{len(self.values)}"
        self.values[placeholder] = value
        return placeholder


def reach_of(where: Specification[Any] | None, key: SortKey | None) -> Reach:
    """Return which stretch of *key* holds everything that satisfies *where*.

    Equality on the first parts of the key narrows to them; a range or a prefix of the part that
    follows narrows further. Whatever the bounds do not say exactly stays in ``rest``.
    """
    if where is None or key is None:
        return Reach(None, None, where)
    left = conjuncts(where)
    prefix = ""
    for number, part in enumerate(key.parts):
        is_last = number == len(key.parts) - 1
        about = [each for each in left if part.may_serve(each) and isinstance(each, Attribute)]
        equal = next((each for each in about if each.comparison is Comparison.EQUAL), None)
        if equal is not None:
            left.remove(equal)
            prefix += part.encode(equal.value) + ("" if is_last else SEPARATOR)
            if is_last:
                return Reach(prefix, prefix, all_of(left))
            continue
        low, high = _within(prefix)
        for each in about:
            bounds = _bounds(each, prefix, part.encode, is_last=is_last)
            if bounds is None:
                continue
            first, last, is_exact = bounds
            low = max(filter(None, (low, first)), default=None)
            high = min(filter(None, (high, last)), default=None)
            if is_exact:
                left.remove(each)
        return Reach(low, high, all_of(left))
    raise AssertionError("a sort key has parts")


def _within(prefix: str) -> tuple[str | None, str | None]:
    """Return the bounds of everything that starts with *prefix*, which ends in the separator."""
    return (prefix, prefix[:-1] + _AFTER) if prefix else (None, None)


def _bounds(
    asked: Attribute, prefix: str, encode: Encode, *, is_last: bool
) -> tuple[str | None, str | None, bool] | None:
    """Return the bounds that *asked* sets, and whether they say all of it.

    Where parts follow, keys of one value lie between ``value#`` and ``value$``. The last part has
    nothing behind it, so "less" and "greater" leave their own value to the filter.
    """
    if asked.comparison in (Comparison.NOT_EQUAL, Comparison.IN, Comparison.CONTAINS):
        return None
    text = prefix + encode(asked.value)
    after = text if is_last else text + _AFTER
    match asked.comparison:
        case Comparison.AT_LEAST:
            return text, None, True
        case Comparison.GREATER:
            return after, None, not is_last
        case Comparison.AT_MOST:
            return None, after, True
        case Comparison.LESS:
            return None, text, not is_last
        case _:
            return text, text + _LAST, True
