"""What orders understand of other contexts' events: the fields they need, and no others."""

from collections.abc import Mapping
from typing import Any

from shared.kernel.events import EventEnvelope
from shared.orders.domain.data import ShortageData
from shared.orders.use_cases.fail_order import PaymentDeclined, StockMissing
from shared.orders.use_cases.finalize_order import FinalizeOrder
from shared.orders.use_cases.record_reservation import RecordReservation
from shared.platform.events.bus import MalformedEvent


def on_inventory_reserved(event: EventEnvelope) -> RecordReservation:
    """Read ``inventory.reserved``; every function here raises `MalformedEvent`."""
    return RecordReservation(order_id=_text(event.data, "order_id"))


def on_inventory_rejected(event: EventEnvelope) -> StockMissing:
    """Read ``inventory.rejected``."""
    listed = event.data.get("shortages")
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise MalformedEvent(f"{event.type}: shortages are missing")
    return StockMissing(
        order_id=_text(event.data, "order_id"), shortages=[_shortage(each) for each in listed]
    )


def on_payment_succeeded(event: EventEnvelope) -> FinalizeOrder:
    """Read ``payment.succeeded``."""
    return FinalizeOrder(
        order_id=_text(event.data, "order_id"), payment_id=_text(event.data, "payment_id")
    )


def on_payment_failed(event: EventEnvelope) -> PaymentDeclined:
    """Read ``payment.failed``."""
    return PaymentDeclined(
        order_id=_text(event.data, "order_id"),
        reason=_text(event.data, "reason"),
        message=_text(event.data, "message"),
    )


def _shortage(data: Mapping[str, Any]) -> ShortageData:
    return {
        "product_id": _text(data, "product_id"),
        "requested": _count(data, "requested"),
        "available": _count(data, "available"),
        "short": _count(data, "short"),
    }


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise MalformedEvent(f"{name} is not a text")
    return value


def _count(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name)
    if type(value) is not int:
        raise MalformedEvent(f"{name} is not a whole number")
    return value
