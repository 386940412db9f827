"""Reads the orders' events: only the fields that are needed, anything else is ignored."""

# ruff: noqa: PLC0415  # a consumer loads the messages of its own use case, and no neighbour's
from typing import TYPE_CHECKING

from shared.inventory.domain.demand import Demand, Line
from shared.kernel.events import EventEnvelope
from shared.platform.events.fields import listed, reads_event, text, whole

if TYPE_CHECKING:
    from shared.inventory.use_cases.commit_stock import CommitStock
    from shared.inventory.use_cases.release_stock import ReleaseStock
    from shared.inventory.use_cases.reserve_stock import ReserveStock


@reads_event
def on_order_placed(event: EventEnvelope) -> "ReserveStock":
    """Read ``order.placed``; every function here raises `MalformedEvent`."""
    from shared.inventory.use_cases.reserve_stock import ReserveStock

    data = event.data
    demand = Demand(
        order_id=text(data, "order_id"),
        customer_id=text(data, "customer_id"),
        lines=tuple(
            Line(product_id=text(line, "product_id"), quantity=whole(line, "quantity"))
            for line in listed(data, "lines")
        ),
    )
    return ReserveStock(demand=demand)


@reads_event
def on_inventory_release_requested(event: EventEnvelope) -> "ReleaseStock":
    """Read ``inventory.release_requested``."""
    return _release(event)


@reads_event
def on_order_cancelled(event: EventEnvelope) -> "ReleaseStock":
    """Read ``order.cancelled``."""
    return _release(event)


@reads_event
def on_order_completed(event: EventEnvelope) -> "CommitStock":
    """Read ``order.completed``."""
    from shared.inventory.use_cases.commit_stock import CommitStock

    return CommitStock(order_id=text(event.data, "order_id"))


def _release(event: EventEnvelope) -> "ReleaseStock":
    from shared.inventory.use_cases.release_stock import ReleaseStock

    return ReleaseStock(
        order_id=text(event.data, "order_id"),
        reason=str(event.data.get("reason") or event.type),
    )
