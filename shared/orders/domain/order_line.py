"""One line of an order."""

from dataclasses import dataclass

from shared.kernel.money import Money
from shared.orders.domain.data import LineData, MoneyData

MAX_LINES = 50
"""The lines of one order: each is an action of the one transaction that reserves its stock."""

MAX_QUANTITY = 100_000
"""The pieces of one product in one order. Amounts end at 2^53 (see `Money`), far below 2^63."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """*quantity* pieces of a product at the price it had when the order was placed."""

    product_id: str
    mnemonic: str
    quantity: int
    unit_price: Money

    @property
    def total(self) -> Money:
        """The price of the line."""
        return self.unit_price * self.quantity

    def to_data(self) -> LineData:
        """Return the line as events and views show it."""
        return {
            "product_id": self.product_id,
            "mnemonic": self.mnemonic,
            "quantity": self.quantity,
            "unit_price": money_data(self.unit_price),
            "total": money_data(self.total),
        }


def money_data(money: Money) -> MoneyData:
    """Return *money* as plain JSON values."""
    return {"amount": money.amount, "currency": money.currency}
