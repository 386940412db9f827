"""Bring an order to an end without a sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from shared.orders.domain.data import FailureData, ShortageData
from shared.orders.ports import NoteEnd, OrdersUnitOfWork, unnoted

OUT_OF_STOCK = "out_of_stock"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDeclined:
    """The order could not be paid, for this *reason* (a code) and in these words."""

    order_id: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StockMissing:
    """The order's goods are not there: these are short."""

    order_id: str
    shortages: Sequence[ShortageData]


FailOrder: TypeAlias = PaymentDeclined | StockMissing
"""End an order without a sale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailOrderHandler:
    """Fails orders whose payment was declined, rejects those that cannot be served."""

    uow: OrdersUnitOfWork
    note_end: NoteEnd = unnoted

    def __call__(self, command: FailOrder) -> None:
        """End it; an order that has ended is left as it is. Raises `OrderNotFound`."""
        with self.uow as uow:
            order = uow.orders.get(command.order_id)
            match command:
                case PaymentDeclined(reason=reason, message=message):
                    order.fail_payment(reason=reason, message=message, at=uow.now)
                case StockMissing(shortages=shortages):
                    order.reject(_out_of_stock(shortages), at=uow.now)
            age = order.age_at_end
            uow.orders.save(order)
            uow.commit()
        if age is not None:
            self.note_end(age)


def _out_of_stock(shortages: Sequence[ShortageData]) -> FailureData:
    products = "one product" if len(shortages) == 1 else f"{len(shortages)} products"
    return {
        "reason": OUT_OF_STOCK,
        "message": f"There is not enough stock of {products}.",
        "shortages": list(shortages),
    }
