"""What orders understand of other contexts' events: the fields they need, and no others."""

from collections.abc import Mapping
from typing import Any

from shared.kernel.events import EventEnvelope
from shared.orders.domain.data import ShortageData
from shared.orders.use_cases.fail_order import PaymentDeclined, StockMissing
from shared.orders.use_cases.finalize_order import FinalizeOrder
from shared.orders.use_cases.record_reservation import RecordReservation
from shared.platform.events.fields import listed, reads_event, text, whole


@reads_event
def on_inventory_reserved(event: EventEnvelope) -> RecordReservation:
    """Read ``inventory.reserved``; every function here raises `MalformedEvent`."""
    return RecordReservation(order_id=text(event.data, "order_id"))


@reads_event
def on_inventory_rejected(event: EventEnvelope) -> StockMissing:
    """Read ``inventory.rejected``."""
    shortages = [_shortage(each) for each in listed(event.data, "shortages")]
    return StockMissing(order_id=text(event.data, "order_id"), shortages=shortages)


@reads_event
def on_payment_succeeded(event: EventEnvelope) -> FinalizeOrder:
    """Read ``payment.succeeded``."""
    return FinalizeOrder(
        order_id=text(event.data, "order_id"), payment_id=text(event.data, "payment_id")
    )


@reads_event
def on_payment_failed(event: EventEnvelope) -> PaymentDeclined:
    """Read ``payment.failed``."""
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
