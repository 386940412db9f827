"""Finds out which orders a cancellation invoice takes back.

The file does not say it: a cancellation names customer, product and quantity. It is taken to
mean an earlier order of that customer with that product, the latest first, one at the same price
before any other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tools.shop.replay.lines import Line
from tools.shop.replay.orders import PlannedOrder


@dataclass(frozen=True, slots=True)
class Match:
    """*quantity* units of a cancelled line that order *order* (its index) contains."""

    line: Line
    order: int
    quantity: int
    amount: int
    """Pennies, at the price that was ordered."""


@dataclass(slots=True)
class Cancellations:
    """What has been taken back so far; feed it orders and cancellations in file order."""

    matches: list[Match] = field(default_factory=list)
    unmatched: list[Line] = field(default_factory=list)
    whole: dict[int, str] = field(default_factory=dict)
    """Order index → the cancellation invoice that took its last unit."""
    _open: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)
    _left: dict[tuple[int, str], int] = field(default_factory=dict)
    _units: dict[int, int] = field(default_factory=dict)

    def ordered(self, orders: Iterable[PlannedOrder]) -> None:
        """Note *orders*, which later lines may cancel."""
        for order in orders:
            for line in order.lines:
                of = self._open.setdefault((order.customer, line.mnemonic), [])
                of.append((order.index, line.price))
                self._left[order.index, line.mnemonic] = line.quantity
            self._units[order.index] = sum(line.quantity for line in order.lines)

    def cancelled(self, lines: Sequence[Line]) -> list[int]:
        """Match the *lines* of a cancellation invoice; return the orders it completes."""
        completed = []
        for line in lines:
            wanted = -line.quantity
            candidates = self._open.get((line.customer, line.mnemonic), [])
            latest_first = reversed(candidates)
            for order, price in sorted(latest_first, key=lambda c: c[1] != line.price):
                quantity = min(wanted, self._left[order, line.mnemonic])
                if quantity:
                    wanted -= quantity
                    self._left[order, line.mnemonic] -= quantity
                    self._units[order] -= quantity
                    self.matches.append(Match(line, order, quantity, quantity * price))
                    if not self._units[order]:
                        self.whole[order] = line.invoice
                        completed.append(order)
            if wanted == -line.quantity:
                self.unmatched.append(line)
        return completed
