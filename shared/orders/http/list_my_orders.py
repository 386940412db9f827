"""Lists of orders over HTTP: which orders, and which page of them."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import AfterValidator

from shared.kernel.paging import PageRequest
from shared.kernel.specification import Specification
from shared.orders.domain.filters import wanted_orders
from shared.orders.domain.status import OrderStatus
from shared.orders.queries.list_my_orders import ListMyOrders
from shared.platform.http.pagination import only_by_cursor


def _in_utc(moment: datetime) -> datetime:
    """Return *moment* in UTC, which is meant where no time zone is named."""
    try:
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        msg = "no moment that UTC can name"
        raise ValueError(msg) from None


_Moment = Annotated[datetime, AfterValidator(_in_utc)]
_STATUS = "|".join(OrderStatus)
_STATUSES = f"^({_STATUS})(,({_STATUS}))*$"


async def _wanted_orders(
    status: Annotated[
        str | None, Query(pattern=_STATUSES, max_length=200, examples=["pending,paid"])
    ] = None,
    placed_from: Annotated[_Moment | None, Query(examples=["2026-01-01T00:00:00Z"])] = None,
    placed_before: Annotated[_Moment | None, Query(examples=["2026-02-01T00:00:00Z"])] = None,
) -> Specification[Any] | None:
    statuses = [OrderStatus(each) for each in status.split(",")] if status else ()
    return wanted_orders(statuses, placed_from, placed_before)


WantedOrders = Annotated[Specification[Any] | None, Depends(_wanted_orders)]


def my_orders(
    customer_id: str, page: PageRequest, where: Specification[Any] | None
) -> ListMyOrders:
    """Return the query; `ValidationFailed` for a total of what nobody counts."""
    if where is not None:
        only_by_cursor(page, because="Filtered orders are not counted")
    return ListMyOrders(customer_id=customer_id, page=page, where=where)
