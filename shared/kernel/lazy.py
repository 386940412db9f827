"""Parts of an object that are expensive to load: the type says so, and nobody pays unasked."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lazy(Generic[T]):
    """A value that is loaded when it is first asked for, once.

    A part of an aggregate of this type is not loaded with it: whoever reads ``value`` makes a
    round trip, or hears why it failed and may ask again.
    """

    def __init__(self, load: Callable[[], T]) -> None:
        self._load = load
        self._loaded: list[T] = []

    @classmethod
    def of(cls, value: T) -> "Lazy[T]":
        """Return *value* as one that is there already."""
        return cls(lambda: value)

    @property
    def value(self) -> T:
        """The value; loads it the first time."""
        if not self._loaded:
            self._loaded.append(self._load())
        return self._loaded[0]

    @property
    def is_loaded(self) -> bool:
        """Whether it has been asked for."""
        return bool(self._loaded)
