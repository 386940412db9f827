"""Which order is shown, and as of when."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query

from shared.orders.http.parameters import OrderReach, checked_id
from shared.orders.queries.get_order import GetOrder
from shared.platform.validation.strict import MOMENT, WHOLE_NUMBER

MAX_VERSION = 10**12 - 1
"""The keys of events have twelve digits."""


async def _asked_order(
    order_id: str,
    reach: OrderReach,
    version: Annotated[
        int | None,
        WHOLE_NUMBER,
        Query(ge=1, le=MAX_VERSION, description="Show it as of this version", examples=[2]),
    ] = None,
    at: Annotated[
        datetime | None,
        MOMENT,
        Query(description="Show it as of this time", examples=["2026-01-01T00:00:00Z"]),
    ] = None,
) -> GetOrder:
    return GetOrder(
        order_id=checked_id(order_id),
        requested_by=reach.user_id,
        manages_orders=reach.everybodys,
        version=version,
        at=at,
    )


AskedOrder = Annotated[GetOrder, Depends(_asked_order)]
"""The order that the caller asks for, by its id and perhaps as of then."""
