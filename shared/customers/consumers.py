"""What customers reads of the orders' events, and nothing more of them."""

from collections.abc import Callable, Mapping

from shared.customers.domain.order_update import End, OrderUpdate
from shared.customers.use_cases.project_order import ProjectOrder
from shared.kernel.clock import to_iso
from shared.kernel.events import EventEnvelope
from shared.platform.events.fields import amount, reads_event, text


@reads_event
def on_order_placed(event: EventEnvelope) -> ProjectOrder:
    """Read ``order.placed``; every function here raises `MalformedEvent`."""
    return _project(event, placed=amount(event.data, "total"))


@reads_event
def on_order_completed(event: EventEnvelope) -> ProjectOrder:
    """Read ``order.completed``."""
    return _project(event, end=End.COMPLETED)


@reads_event
def on_order_failed(event: EventEnvelope) -> ProjectOrder:
    """Read ``order.failed``."""
    return _project(event, end=End.FAILED)


@reads_event
def on_order_cancelled(event: EventEnvelope) -> ProjectOrder:
    """Read ``order.cancelled``."""
    return _project(event, end=End.CANCELLED)


ORDER_EVENTS: Mapping[str, Callable[[EventEnvelope], ProjectOrder]] = {
    "order.placed": on_order_placed,
    "order.completed": on_order_completed,
    "order.failed": on_order_failed,
    "order.cancelled": on_order_cancelled,
}
"""Every event that the summary is made of, with its reader."""


def _project(
    event: EventEnvelope, *, placed: tuple[int, str] | None = None, end: End | None = None
) -> ProjectOrder:
    update = OrderUpdate(
        customer_id=text(event.data, "customer_id"),
        order_id=text(event.data, "order_id"),
        at=to_iso(event.occurred_at),
        placed=placed,
        end=end,
    )
    return ProjectOrder(update=update)
