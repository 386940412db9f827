"""Get everything that has happened to one order."""

from dataclasses import dataclass

from shared.kernel.events import EventEnvelope
from shared.kernel.paging import Page, PageRequest
from shared.orders.domain.errors import OrderNotFound
from shared.orders.domain.events import OrderPlaced
from shared.orders.ports import OrderListReader


@dataclass(frozen=True, slots=True, kw_only=True)
class GetOrderHistory:
    """A page of an order's events, for its customer or for whoever manages orders."""

    order_id: str
    requested_by: str
    manages_orders: bool
    page: PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class GetOrderHistoryHandler:
    """Answers with the events of an order, oldest first."""

    lists: OrderListReader

    def __call__(self, query: GetOrderHistory) -> Page[EventEnvelope]:
        """Return the page; `OrderNotFound` for an order that is not there or not theirs.

        The first event names the customer, so one read both decides and answers. A later page
        needs a cursor, which is signed for this reader in this capacity: who holds one has been
        let in.
        """
        capacity = "manager" if query.manages_orders else "customer"
        page = self.lists.history_of(
            query.order_id, query.page, reader=f"{capacity}:{query.requested_by}"
        )
        if query.page.cursor is not None:
            return page
        if not page.items:
            raise OrderNotFound(query.order_id)
        placed = OrderPlaced.from_data(page.items[0].data)
        if not (query.manages_orders or placed.customer_id == query.requested_by):
            raise OrderNotFound(query.order_id).hiding()
        return page
