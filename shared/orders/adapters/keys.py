"""Keys of the orders table beyond those that every aggregate has."""

COUNTER_SHARDS = 4
"""A customer's orders are counted on this many items, so that orders placed at the same moment
rarely wait for each other."""


OPEN = "OPEN"
"""The partition of GSI2 that holds the orders in progress, and no other, by time of placing."""


def counter_name(customer_id: str) -> str:
    """Return the name of the counter of a customer's orders."""
    return f"ORDERS#{customer_id}"


def index_partition(customer_id: str) -> str:
    """Return the partition of GSI1 that holds a customer's orders by time."""
    return f"CUSTOMER#{customer_id}"


def index_sort(placed_at: str, order_id: str) -> str:
    """Return the place of an order among its customer's: by time, then by id."""
    return f"{placed_at}#{order_id}"
