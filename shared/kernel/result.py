"""``Result``: for outcomes where failing is part of the business, not an error.

A declined card and a refused saga step are results; a broken rule or a missing object raises a
:class:`~shared.kernel.errors.DomainError`. One idiom per place::

    match gateway.charge(amount):
        case Success(receipt): ...
        case Failure(decline): ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, Self, TypeAlias, TypeVar

T = TypeVar("T")
U = TypeVar("U")
E = TypeVar("E")
F = TypeVar("F")


class UnwrapFailed(Exception):
    """``unwrap`` met a :class:`Failure`: the caller was wrong to be sure. Holds ``error``."""

    def __init__(self, error: object) -> None:
        super().__init__(f"unwrapped a failure: {error!r}")
        self.error = error


@dataclass(frozen=True, slots=True)
class Success(Generic[T]):
    """It worked; ``value`` is what came of it."""

    value: T

    def map(self, change: Callable[[T], U]) -> "Success[U]":
        """Return the success of ``change(value)``."""
        return Success(change(self.value))

    def map_error(self, change: Callable[[Any], object]) -> Self:  # noqa: ARG002
        """Return this: there is no error to change."""
        return self

    def flat_map(self, step: Callable[[T], "Result[U, F]"]) -> "Result[U, F]":
        """Return ``step(value)``: the next step, which may fail in its turn."""
        return step(self.value)

    def unwrap(self) -> T:
        """Return the value."""
        return self.value

    def unwrap_or(self, default: object) -> T:  # noqa: ARG002
        """Return the value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Failure(Generic[E]):
    """It did not work; ``error`` says why."""

    error: E

    def map(self, change: Callable[[Any], object]) -> Self:  # noqa: ARG002
        """Return this: there is no value to change."""
        return self

    def map_error(self, change: Callable[[E], F]) -> "Failure[F]":
        """Return the failure of ``change(error)``."""
        return Failure(change(self.error))

    def flat_map(self, step: Callable[[Any], object]) -> Self:  # noqa: ARG002
        """Return this: the next step is not taken."""
        return self

    def unwrap(self) -> NoReturn:
        """Raise :class:`UnwrapFailed`, from the error itself where it is an exception."""
        raise UnwrapFailed(self.error) from (
            self.error if isinstance(self.error, BaseException) else None
        )

    def unwrap_or(self, default: U) -> U:
        """Return *default*."""
        return default


Result: TypeAlias = Success[T] | Failure[E]
