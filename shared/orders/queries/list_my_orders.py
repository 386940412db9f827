"""List the orders of one customer."""

from dataclasses import dataclass
from typing import Any

from shared.kernel.paging import Page, PageRequest
from shared.kernel.specification import Specification
from shared.orders.domain.details import OrderDetails
from shared.orders.ports import OrderListReader


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMyOrders:
    """A page of the customer's own orders, of those that satisfy ``where`` if it is given."""

    customer_id: str
    page: PageRequest
    where: Specification[Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMyOrdersHandler:
    """Answers with the customer's orders, newest first."""

    lists: OrderListReader

    def __call__(self, query: ListMyOrders) -> Page[OrderDetails]:
        """Return the page; `ValidationFailed` for a foreign cursor or an unknown sort field."""
        return self.lists.list_of(query.customer_id, query.page, where=query.where)
