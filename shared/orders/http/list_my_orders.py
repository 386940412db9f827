"""Lists of orders over HTTP: which orders, and which page of them."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query

from shared.kernel.paging import PageRequest
from shared.kernel.specification import Specification
from shared.orders.domain.filters import wanted_orders
from shared.orders.domain.status import OrderStatus
from shared.orders.queries.list_my_orders import ListMyOrders
from shared.platform.http.pagination import leafed, only_by_cursor
from shared.platform.validation.sentences import form
from shared.platform.validation.strict import MOMENT

_STATUS = "|".join(OrderStatus)
_STATUSES = form(
    f"^({_STATUS})(,({_STATUS}))*$", f"Must be one or more of: {', '.join(OrderStatus)}."
)


async def _wanted_orders(
    status: Annotated[
        str | None, Query(pattern=_STATUSES, max_length=200, examples=["pending,paid"])
    ] = None,
    placed_from: Annotated[
        datetime | None, MOMENT, Query(examples=["2026-01-01T00:00:00Z"])
    ] = None,
    placed_before: Annotated[
        datetime | None, MOMENT, Query(examples=["2026-02-01T00:00:00Z"])
    ] = None,
) -> Specification[Any] | None:
    statuses = [OrderStatus(each) for each in status.split(",")] if status else ()
    return wanted_orders(statuses, placed_from, placed_before)


OrdersPage = Annotated[PageRequest, leafed("placed_at", "status,placed_at")]
"""Which page of orders, and in which order."""
WantedOrders = Annotated[Specification[Any] | None, Depends(_wanted_orders)]


def my_orders(
    customer_id: str, page: PageRequest, where: Specification[Any] | None
) -> ListMyOrders:
    """Return the query; `ValidationFailed` for a total of what nobody counts."""
    if where is not None:
        only_by_cursor(page, because="Filtered orders are not counted")
    return ListMyOrders(customer_id=customer_id, page=page, where=where)
