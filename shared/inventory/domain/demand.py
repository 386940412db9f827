"""What an order asks of the stock."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.inventory.domain.balance import Balance
from shared.kernel.errors import ValidationFailed

MAX_LINES = 50
"""Products in one order: reservation, event and inbox marker beside them, it stays within the 100
actions of a DynamoDB transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Some units of one product."""

    product_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A product of which there is less than was asked for."""

    product_id: str
    requested: int
    available: int
    short: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """An order's lines, one for each product.

    Raises `ValidationFailed` for no lines, too many, or a quantity below one.
    """

    order_id: str
    customer_id: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        if any(line.quantity < 1 for line in self.lines):
            raise ValidationFailed.of("lines", "A quantity is at least 1.")
        merged: dict[str, int] = {}
        for line in self.lines:
            merged[line.product_id] = merged.get(line.product_id, 0) + line.quantity
        if not 1 <= len(merged) <= MAX_LINES:
            raise ValidationFailed.of("lines", f"Must name 1 to {MAX_LINES} products.")
        lines = tuple(Line(product_id=id_, quantity=units) for id_, units in merged.items())
        object.__setattr__(self, "lines", lines)

    def shortages(self, balances: Mapping[str, Balance]) -> tuple[Shortage, ...]:
        """Return what is short; a product without a balance has nothing on offer."""
        return tuple(_short(line, balances) for line in self.lines if _lacks(line, balances))


def _available(line: Line, balances: Mapping[str, Balance]) -> int:
    balance = balances.get(line.product_id)
    return balance.available if balance else 0


def _lacks(line: Line, balances: Mapping[str, Balance]) -> bool:
    return _available(line, balances) < line.quantity


def _short(line: Line, balances: Mapping[str, Balance]) -> Shortage:
    available = _available(line, balances)
    return Shortage(
        product_id=line.product_id,
        requested=line.quantity,
        available=available,
        short=line.quantity - available,
    )
