"""Specifications: questions about an object that combine with ``&``, ``|`` and ``~``.

A specification is data. It answers for an object in memory, and an adapter can walk the same tree
to build a query from it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import ge, gt, le, lt
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Specification(ABC, Generic[T]):
    """A yes-or-no question about a ``T``."""

    @abstractmethod
    def is_satisfied_by(self, candidate: T) -> bool:
        """Tell whether *candidate* meets it."""

    def __and__(self, other: "Specification[T]") -> "And[T]":
        return And(self, other)

    def __or__(self, other: "Specification[T]") -> "Or[T]":
        return Or(self, other)

    def __invert__(self) -> "Not[T]":
        return Not(self)


@dataclass(frozen=True)
class And(Specification[T]):
    """Both; ``right`` is not asked when ``left`` says no."""

    left: Specification[T]
    right: Specification[T]

    def is_satisfied_by(self, candidate: T) -> bool:
        return self.left.is_satisfied_by(candidate) and self.right.is_satisfied_by(candidate)


@dataclass(frozen=True)
class Or(Specification[T]):
    """Either; ``right`` is not asked when ``left`` says yes."""

    left: Specification[T]
    right: Specification[T]

    def is_satisfied_by(self, candidate: T) -> bool:
        return self.left.is_satisfied_by(candidate) or self.right.is_satisfied_by(candidate)


@dataclass(frozen=True)
class Not(Specification[T]):
    """The opposite."""

    operand: Specification[T]

    def is_satisfied_by(self, candidate: T) -> bool:
        return not self.operand.is_satisfied_by(candidate)


class Comparison(StrEnum):
    """How an attribute is compared; every one has a counterpart in a DynamoDB expression."""

    EQUAL = "="
    NOT_EQUAL = "<>"
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    IN = "IN"
    CONTAINS = "contains"
    BEGINS_WITH = "begins_with"


Scalar = str | int | bool
_ORDERS: dict[Comparison, Callable[[Any, Any], bool]] = {
    Comparison.LESS: lt,
    Comparison.AT_MOST: le,
    Comparison.GREATER: gt,
    Comparison.AT_LEAST: ge,
}


@dataclass(frozen=True)
class Attribute(Specification[Any]):
    """One attribute against a value: ``Attribute("status", Comparison.EQUAL, "paid")``.

    A dotted name leads into an inner object or mapping (``price.amount``). An attribute that is
    ``None`` is absent: like an absent DynamoDB attribute it differs from every value and otherwise
    satisfies nothing, and so does one of another type. An attribute the object does not have at
    all raises ``AttributeError``; a value that cannot be compared so, ``ValueError``.

    Values are texts, whole numbers and booleans; ``IN`` takes a tuple of them. Only texts and
    numbers have an order, and nobody asks whether something contains the empty text.
    """

    name: str
    comparison: Comparison
    value: Scalar | tuple[Scalar, ...]

    def __post_init__(self) -> None:
        if not _comparable(self.comparison, self.value):
            msg = f"{self.name} {self.comparison} {self.value!r} is no question"
            raise ValueError(msg)

    def is_satisfied_by(self, candidate: Any) -> bool:
        present = _read(candidate, self.name)
        match self.comparison:
            case Comparison.EQUAL:
                return _same(present, self.value)
            case Comparison.NOT_EQUAL:
                return not _same(present, self.value)
            case Comparison.IN:
                return any(_same(present, value) for value in self.value)  # type: ignore[union-attr]
            case Comparison.BEGINS_WITH:
                return isinstance(present, str) and present.startswith(str(self.value))
            case Comparison.CONTAINS:
                return _contains(present, self.value)
            case order:
                return _kind(present) is _kind(self.value) and _ORDERS[order](present, self.value)


def conjuncts(specification: Specification[T]) -> list[Specification[T]]:
    """Return the specifications that *specification* is the "and" of, in their order."""
    if isinstance(specification, And):
        return [*conjuncts(specification.left), *conjuncts(specification.right)]
    return [specification]


def all_of(specifications: Iterable[Specification[T]]) -> Specification[T] | None:
    """Return the "and" of *specifications*; ``None`` where there are none."""
    return reduce(And, specifications) if (specifications := [*specifications]) else None


def any_of(specifications: Iterable[Specification[T]]) -> Specification[T] | None:
    """Return the "or" of *specifications*; ``None`` where there are none."""
    return reduce(Or, specifications) if (specifications := [*specifications]) else None


def _read(candidate: Any, name: str) -> Any:
    for step in name.split("."):
        if candidate is None:
            return None
        known = isinstance(candidate, Mapping)
        candidate = candidate.get(step) if known else getattr(candidate, step)
    return candidate


def _kind(value: Any) -> type | None:
    """Return what DynamoDB tells apart: ``true`` is not 1, and 1 is not "1"."""
    return next((kind for kind in (bool, int, str) if isinstance(value, kind)), None)


def _same(present: Any, value: Any) -> bool:
    return _kind(present) is _kind(value) is not None and bool(present == value)


def _contains(present: Any, value: Any) -> bool:
    if isinstance(present, str):
        return isinstance(value, str) and value in present
    return isinstance(present, list | tuple) and any(_same(each, value) for each in present)


def _comparable(comparison: Comparison, value: Any) -> bool:
    match comparison:
        case Comparison.IN:
            return isinstance(value, tuple) and all(_kind(each) for each in value)
        case Comparison.BEGINS_WITH:
            return isinstance(value, str) and value != ""
        case Comparison.EQUAL | Comparison.NOT_EQUAL:
            return _kind(value) is not None
        case Comparison.CONTAINS:
            return _kind(value) in (int, str) and value != ""
        case _:
            return _kind(value) in (int, str)
