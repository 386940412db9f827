"""Seeded choices, and the placeholders of an expression."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

from tools.lab.simulation.engine.lexer import RESERVED

T = TypeVar("T")


class Dice:
    """Choices that a seed repeats."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # the point is to repeat it

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self._random.random() * len(options))]

    def weighted(self, options: Sequence[tuple[float, T]]) -> T:
        """Choose by weight; the weights may add up to anything."""
        point = self._random.random() * sum(weight for weight, _ in options)
        for weight, option in options:
            point -= weight
            if point < 0:
                return option
        return options[-1][1]

    def number(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return self._random.randint(low, high)

    def some(self, options: Sequence[T], most: int) -> list[T]:
        """Return one to *most* different options."""
        return self._random.sample(options, min(self.number(1, most), len(options)))

    def many(self, low: int, high: int, make: Callable[[], T]) -> list[T]:
        return [make() for _ in range(self.number(low, high))]


class Placeholders:
    """The names and values that the expressions of one request refer to."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        """Return how an expression calls *attribute*: plainly or, when it must be, by alias."""
        if attribute.upper() not in RESERVED and self._dice.chance(0.7):
            return attribute
        alias = f"#{attribute}"
        self.names[alias] = attribute
        return alias

    def value(self, value: Any) -> str:
        """Return the placeholder of a value."""
        name = f":v{len(self.values)}"
        self.values[name] = value
        return name

    def parameters(self) -> dict[str, Any]:
        """Return what a request says about them."""
        given: dict[str, Any] = {}
        if self.names:
            given["ExpressionAttributeNames"] = self.names
        if self.values:
            given["ExpressionAttributeValues"] = self.values
        return given
