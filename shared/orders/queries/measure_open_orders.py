"""Measure how old the oldest order is that has not come to its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.kernel.clock import Clock
from shared.orders.ports import OldestOrderReader


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureOpenOrders:
    """Ask for the age of the oldest open order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureOpenOrdersHandler:
    """Reports the age to *measured*, in seconds: nothing under way is 0, and is said as well."""

    orders: OldestOrderReader
    measured: Callable[[float], None]
    clock: Clock

    def __call__(self, _: MeasureOpenOrders) -> Mapping[str, Any]:
        """Return ``oldest_seconds``."""
        since = self.orders.oldest()
        age = 0.0 if since is None else (self.clock.now() - since).total_seconds()
        self.measured(max(0.0, age))
        return {"oldest_seconds": max(0, round(age))}
