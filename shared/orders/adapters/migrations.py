"""What has to be done to the stored orders, once each: ``make migrate OF=orders``."""

from shared.platform.dynamodb.codec import Item
from shared.platform.migrations.migration import Migration

# What the code calls these today may change; what a released migration does may not.
_STATE, _IN_PROGRESS, _OPEN = "STATE", "in_progress", "OPEN"


def _listed_while_open(item: Item) -> Item | None:
    is_order = item["PK"].startswith("Order#") and item["SK"] == _STATE
    if not is_order or item.get("outcome") != _IN_PROGRESS:
        return None
    return {**item, "GSI2PK": _OPEN, "GSI2SK": f"{item['placed_at']}#{item['id']}"}


def _with_status_place(item: Item) -> Item | None:
    if not (item["PK"].startswith("Order#") and item["SK"] == _STATE):
        return None
    place = f"{item['status']:<16}#{item['placed_at']}#{item['id']}"
    return {**item, "GSI3PK": item["GSI1PK"], "GSI3SK": place}


MIGRATIONS = (
    Migration(
        id="0001_open_orders_are_listed",
        about="Orders in progress are in the index of those that may be stuck.",
        change=_listed_while_open,
    ),
    Migration(
        id="0002_orders_by_status",
        about="A customer's orders have a place in the order by status.",
        change=_with_status_place,
    ),
)
"""In order; one that has been released is never changed."""
