"""Keys of the orders table beyond those that every aggregate has, and what a stream may hold."""

from shared.orders.domain.events import ORDER_EVENTS
from shared.platform.dynamodb.event_stream import EventStream

STREAM = EventStream(ORDER_EVENTS)
"""Decodes an order's events."""

COUNTER_SHARDS = 4
"""A customer's orders are counted on this many items, so that orders placed at the same moment
rarely wait for each other."""


STATUS_WIDTH = 16
"""Stored keys have it: a status that is longer needs a migration."""

OPEN = "OPEN"
"""The partition of GSI2 that holds the orders in progress, and no other, by time of placing."""


def counter_name(customer_id: str) -> str:
    """Return the name of the counter of a customer's orders."""
    return f"ORDERS#{customer_id}"


def index_partition(customer_id: str) -> str:
    """Return the partition of GSI1 and GSI3 that holds a customer's orders."""
    return f"CUSTOMER#{customer_id}"


def index_sort(placed_at: str, order_id: str) -> str:
    """Return the place of an order among its customer's: by time, then by id."""
    return f"{placed_at}#{order_id}"


def padded(status: str) -> str:
    """Return *status* as long as any, so that what follows in a key sorts within it."""
    return status.ljust(STATUS_WIDTH)


def status_sort(status: str, placed_at: str, order_id: str) -> str:
    """Return the place of an order among its customer's: by status, then by time, then by id."""
    return f"{padded(status)}#{index_sort(placed_at, order_id)}"
