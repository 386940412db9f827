"""The stock of one product."""

from shared.inventory.domain.balance import Balance, Movement
from shared.inventory.domain.errors import InsufficientStock, StockLimitExceeded
from shared.inventory.domain.events import StockAdjusted
from shared.kernel.aggregate import Aggregate
from shared.kernel.refusals import business_logic_error

MAX_RECEIVED = 10**15
"""Sums stay whole in JSON readers that use doubles (2**53 is 9 * 10**15)."""


class Stock(Aggregate):
    """How much there is of a product; its id is the product's.

    ``version`` counts adjustments. Orders move units without it: what they do is recorded by
    their `Reservation`, and two of them taking from the same product need not agree on an order.
    """

    aggregate_type = "Stock"

    def __init__(self, id: str, *, balance: Balance | None = None, version: int = 0) -> None:
        super().__init__(id, version=version)
        self.balance = balance or Balance()

    def adjust(self, quantity: int, *, reason: str) -> Movement:
        """Take *quantity* in, or write it off if negative, and return the movement.

        Raises `InsufficientStock` and `StockLimitExceeded`.
        """
        if self.balance.available + quantity < 0:
            raise InsufficientStock(requested=-quantity, available=self.balance.available)
        if self.balance.received + quantity > MAX_RECEIVED:
            raise business_logic_error(StockLimitExceeded, limit=MAX_RECEIVED)
        movement = Movement.receive(quantity)
        self.balance += movement
        self._record(
            StockAdjusted(
                product_id=self.id,
                quantity=quantity,
                reason=reason,
                available=self.balance.available,
            )
        )
        return movement
