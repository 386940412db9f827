"""Orders that wait for too long, over HTTP."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query

from shared.kernel.paging import PageRequest
from shared.orders.domain.open_order import OpenOrder
from shared.orders.http.views import MoneyView
from shared.orders.queries.list_stuck_orders import ListStuckOrders
from shared.platform.http.models import View
from shared.platform.http.pagination import paged
from shared.platform.validation.strict import WHOLE_NUMBER

_YEAR = 31_536_000


async def _age(
    older_than: Annotated[
        int,
        WHOLE_NUMBER,
        Query(ge=0, le=_YEAR, description="Seconds since it was placed", examples=[300]),
    ] = 300,
) -> timedelta:
    return timedelta(seconds=older_than)


OpenOrdersPage = Annotated[PageRequest, paged("placed_at")]
"""Which page of the orders in progress; nobody counts them."""

Age = Annotated[timedelta, Depends(_age)]
"""``older_than``: five minutes, as the alarm has it, unless said otherwise."""


class StuckOrderView(View):
    """An order in progress; any one of the events that it ``waits_for`` moves it on."""

    id: str
    status: str
    waits_for: list[str]
    customer_id: str
    total: MoneyView
    placed_at: str
    updated_at: str
    age_seconds: int

    @classmethod
    def of(cls, order: OpenOrder, now: datetime) -> "StuckOrderView":
        """Return the view of *order* as it is at *now*."""
        return cls(
            id=order.id,
            status=order.status,
            waits_for=list(order.waits_for),
            customer_id=order.customer_id,
            total=MoneyView.model_validate(order.total),
            placed_at=order.placed_at,
            updated_at=order.updated_at,
            age_seconds=order.age_at(now),
        )


def stuck_orders(reader: str, age: timedelta, page: PageRequest) -> ListStuckOrders:
    """Return the query."""
    return ListStuckOrders(age=age, requested_by=reader, page=page)
