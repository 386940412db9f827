"""The events that orders publish, and how older versions are read (``events/schemas``)."""

from collections.abc import Mapping
from typing import Any

from shared.kernel.events import Upcast

EVENTS: Mapping[str, int] = {
    "inventory.release_requested": 1,
    "order.cancelled": 3,
    "order.completed": 1,
    "order.failed": 1,
    "order.paid": 1,
    "order.placed": 2,
    "order.reserved": 2,
}
"""Type → the version that is written today."""


def _cancelled_says_whether_it_was_paid(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Version 2 says ``paid``; before, readers had to know which states mean that."""
    return {**data, "paid": data.get("previous_status") in ("paid", "confirmed")}


def _cancelled_says_by_whom(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Version 3 says by whom, and what the order came to; before, the reason might, in words."""
    return {**data, "cancelled_by": None, "total": None}


def _placed_may_name_no_payment_method(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Version 2 names none where nothing is due; before, one was named and never asked."""
    return data


def _reserved_says_what_is_due(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Version 2 says what is due; before, ``inventory.reserved`` did, and was charged on."""
    return {**data, "customer_id": None, "total": None, "payment_method": None}


UPCASTS: Mapping[tuple[str, int], Upcast] = {
    ("order.cancelled", 1): _cancelled_says_whether_it_was_paid,
    ("order.cancelled", 2): _cancelled_says_by_whom,
    ("order.placed", 1): _placed_may_name_no_payment_method,
    ("order.reserved", 1): _reserved_says_what_is_due,
}
"""By (type, version): the step to the next version."""
