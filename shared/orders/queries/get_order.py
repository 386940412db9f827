"""Get one order, as it is or as it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from shared.kernel.events import DomainEvent
from shared.kernel.refusals import ensure_not_none, validation_error
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.errors import OrderNotFound, OrderVersionNotFound
from shared.orders.domain.order import Order
from shared.orders.ports import OrderReader


@dataclass(frozen=True, slots=True, kw_only=True)
class GetOrder:
    """One order, for its customer or for whoever manages orders.

    As it was at a *version*, or as far as it had come *at* a time; else as it is now. Raises
    `ValidationFailed` for both at once.
    """

    order_id: str
    requested_by: str
    manages_orders: bool
    version: int | None = None
    at: datetime | None = None

    def __post_init__(self) -> None:
        if self.version is not None and self.at is not None:
            raise validation_error("at", "Name a version or a time, not both.", "conflict")


@dataclass(frozen=True, slots=True, kw_only=True)
class GetOrderHandler:
    """Answers with the order."""

    orders: OrderReader

    def __call__(self, query: GetOrder) -> OrderDetails:
        """Return it.

        `OrderNotFound` for an order that is not there or not theirs, `OrderVersionNotFound` for
        one that has not come so far, or was not there yet.
        """
        if query.version is not None or query.at is not None:
            return self._then(query)
        order = ensure_not_none(self.orders.find(query.order_id), OrderNotFound(query.order_id))
        _check(query, order.customer_id)
        return order

    def _then(self, query: GetOrder) -> OrderDetails:
        """Return the order as its first events made it."""
        past = self.orders.past_of(query.order_id, up_to=query.version)
        if not past:
            raise OrderNotFound(query.order_id)
        placed = Order.rebuild(query.order_id, past[:1])
        _check(query, placed.customer_id)
        told = _until(past, query.at)
        if len(told) < (query.version or 1):
            raise OrderVersionNotFound(
                query.order_id, newest=len(past), placed_at=placed.placed_at
            )
        return OrderDetails.of(Order.rebuild(query.order_id, told))


def _check(query: GetOrder, customer_id: str) -> None:
    if not (query.manages_orders or customer_id == query.requested_by):
        raise OrderNotFound(query.order_id).hiding()


def _until(
    past: Sequence[tuple[DomainEvent, datetime]], at: datetime | None
) -> Sequence[tuple[DomainEvent, datetime]]:
    """Return the events before the first that happened after *at*."""
    return past if at is None else [*takewhile(lambda event: event[1] <= at, past)]
