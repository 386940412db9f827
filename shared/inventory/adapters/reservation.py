"""How a reservation looks in the table."""

from collections.abc import Mapping
from typing import Any

from shared.inventory.domain.demand import Line
from shared.inventory.domain.reservation import Reservation, ReservationStatus
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.writes import STATE


def reservation_key(order_id: str) -> dict[str, str]:
    """Return the key of an order's reservation."""
    return {"PK": partition(Reservation.aggregate_type, order_id), "SK": STATE}


def reservation_of(item: Mapping[str, Any]) -> Reservation:
    """Return the reservation that an item holds."""
    return Reservation(
        item["id"],
        status=ReservationStatus(item["status"]),
        lines=[Line(**line) for line in item["lines"]],
        version=item["version"],
    )


def reservation_item(reservation: Reservation) -> Item:
    """Return the attributes that describe *reservation*, without keys and version."""
    return {
        "id": reservation.id,
        "status": str(reservation.status),
        "lines": [
            {"product_id": line.product_id, "quantity": line.quantity}
            for line in reservation.lines
        ],
    }
