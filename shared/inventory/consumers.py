"""Reads the orders' events: only the fields that are needed, anything else is ignored."""

from shared.inventory.domain.demand import Demand, Line
from shared.inventory.use_cases.commit_stock import CommitStock
from shared.inventory.use_cases.release_stock import ReleaseStock
from shared.inventory.use_cases.reserve_stock import ReserveStock
from shared.kernel.errors import ValidationFailed
from shared.kernel.events import EventEnvelope
from shared.platform.events.bus import MalformedEvent


def reserve_stock(event: EventEnvelope) -> ReserveStock:
    """Read ``order.placed``."""
    data = event.data
    try:
        demand = Demand(
            order_id=_text(data["order_id"]),
            customer_id=_text(data["customer_id"]),
            lines=tuple(
                Line(product_id=_text(line["product_id"]), quantity=_whole(line["quantity"]))
                for line in data["lines"]
            ),
        )
    except (KeyError, TypeError, ValueError, ValidationFailed) as error:
        raise _malformed(event, error) from None
    return ReserveStock(demand=demand)


def release_stock(event: EventEnvelope) -> ReleaseStock:
    """Read ``inventory.release_requested`` or ``order.cancelled``."""
    try:
        return ReleaseStock(
            order_id=_text(event.data["order_id"]),
            reason=str(event.data.get("reason") or event.type),
        )
    except (KeyError, TypeError) as error:
        raise _malformed(event, error) from None


def commit_stock(event: EventEnvelope) -> CommitStock:
    """Read ``order.completed``."""
    try:
        return CommitStock(order_id=_text(event.data["order_id"]))
    except (KeyError, TypeError) as error:
        raise _malformed(event, error) from None


def _malformed(event: EventEnvelope, error: Exception) -> MalformedEvent:
    return MalformedEvent(f"{event.type} {event.id}: {type(error).__name__}: {error}")


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("expected a non-empty text")
    return value


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError("expected a whole number")
    return value
