"""Specifications: questions about an object that combine with ``&``, ``|`` and ``~``.

A specification is data. It answers for an object in memory, and an adapter can walk the same tree
to build a query from it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from operator import eq, ge, gt, le, lt, ne
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


_TESTS: dict[Comparison, Callable[[Any, Any], bool]] = {
    Comparison.EQUAL: eq,
    Comparison.NOT_EQUAL: ne,
    Comparison.LESS: lt,
    Comparison.AT_MOST: le,
    Comparison.GREATER: gt,
    Comparison.AT_LEAST: ge,
    Comparison.IN: lambda present, wanted: present in wanted,
    Comparison.CONTAINS: lambda present, wanted: wanted in present,
    Comparison.BEGINS_WITH: lambda present, wanted: present.startswith(wanted),
}


@dataclass(frozen=True)
class Attribute(Specification[Any]):
    """One attribute against a value: ``Attribute("status", Comparison.EQUAL, "paid")``.

    An attribute that is ``None`` is absent: like an absent DynamoDB attribute it differs from
    every value and otherwise satisfies nothing. An attribute the object does not have at all
    raises ``AttributeError``.
    """

    name: str
    comparison: Comparison
    value: Any

    def is_satisfied_by(self, candidate: Any) -> bool:
        present = getattr(candidate, self.name)
        if present is None:
            return self.comparison is Comparison.NOT_EQUAL
        return _TESTS[self.comparison](present, self.value)
