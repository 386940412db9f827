"""List the orders that have been on their way for too long."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.kernel.clock import Clock
from shared.kernel.paging import Page, PageRequest
from shared.orders.domain.open_order import OpenOrder
from shared.orders.ports import OpenOrderReader


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStuckOrders:
    """A page of the orders that were placed longer than ``age`` ago and have not ended."""

    age: timedelta
    requested_by: str
    page: PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStuckOrdersHandler:
    """Answers with the orders in progress, the oldest first."""

    orders: OpenOrderReader
    clock: Clock

    def __call__(self, query: ListStuckOrders) -> tuple[Page[OpenOrder], datetime]:
        """Return the page, and the moment at which ages count.

        Raises `ValidationFailed` for a foreign cursor or an unknown sort field.
        """
        now = self.clock.now()
        page = self.orders.older_than(query.age, query.page, now=now, reader=query.requested_by)
        return page, now
