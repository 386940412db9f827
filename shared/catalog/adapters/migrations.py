"""What has to be done to the catalog's stored items, once each: ``make migrate OF=catalog``."""

from shared.platform.dynamodb.codec import Item
from shared.platform.migrations.migration import Migration

# What the code calls these today may change; what a released migration does may not.
_STATE, _LISTS, _UNCATEGORISED = "STATE", "PRODUCTS#", "uncategorised"


def _with_groups(item: Item) -> Item | None:
    is_state = item["PK"].startswith("Product#") and item["SK"] == _STATE
    if not (is_state or item["PK"].startswith(_LISTS)):
        return None
    return {"category": _UNCATEGORISED, "tags": [], **item}


MIGRATIONS = (
    Migration(
        id="0001_product_category_and_tags",
        about="Products and their list entries have a category and tags.",
        change=_with_groups,
    ),
)
"""In order; one that has been released is never changed."""
