"""What orders understand of other contexts' events: the fields they need, and no others."""

# ruff: noqa: PLC0415  # a consumer loads the messages of its own use case, and no neighbour's
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared.kernel.events import EventEnvelope
from shared.orders.domain.data import ShortageData
from shared.platform.events.fields import listed, reads_event, text, whole

if TYPE_CHECKING:
    from shared.orders.use_cases.fail_order import PaymentDeclined, StockMissing
    from shared.orders.use_cases.finalize_order import FinalizeOrder
    from shared.orders.use_cases.record_reservation import RecordReservation


@reads_event
def on_inventory_reserved(event: EventEnvelope) -> "RecordReservation":
    """Read ``inventory.reserved``; every function here raises `MalformedEvent`."""
    from shared.orders.use_cases.record_reservation import RecordReservation

    return RecordReservation(order_id=text(event.data, "order_id"))


@reads_event
def on_inventory_rejected(event: EventEnvelope) -> "StockMissing":
    """Read ``inventory.rejected``."""
    from shared.orders.use_cases.fail_order import StockMissing

    shortages = [_shortage(each) for each in listed(event.data, "shortages")]
    return StockMissing(order_id=text(event.data, "order_id"), shortages=shortages)


@reads_event
def on_payment_succeeded(event: EventEnvelope) -> "FinalizeOrder":
    """Read ``payment.succeeded``."""
    from shared.orders.use_cases.finalize_order import FinalizeOrder

    return FinalizeOrder(
        order_id=text(event.data, "order_id"), payment_id=text(event.data, "payment_id")
    )


@reads_event
def on_payment_failed(event: EventEnvelope) -> "PaymentDeclined":
    """Read ``payment.failed``."""
    from shared.orders.use_cases.fail_order import PaymentDeclined

    return PaymentDeclined(
        order_id=text(event.data, "order_id"),
        reason=text(event.data, "reason"),
        message=text(event.data, "message"),
    )


def _shortage(data: Mapping[str, Any]) -> ShortageData:
    return {
        "product_id": text(data, "product_id"),
        "requested": whole(data, "requested"),
        "available": whole(data, "available"),
        "short": whole(data, "short"),
    }
