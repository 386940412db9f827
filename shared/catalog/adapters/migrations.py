"""What has to be done to the catalog's stored items, once each: ``make migrate OF=catalog``."""

from shared.catalog.adapters.items import LIST_PREFIX
from shared.catalog.domain.labels import UNCATEGORISED
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.writes import STATE
from shared.platform.migrations.migration import Migration


def _with_groups(item: Item) -> Item | None:
    is_state = item["PK"].startswith("Product#") and item["SK"] == STATE
    if not (is_state or item["PK"].startswith(LIST_PREFIX)):
        return None
    return {"category": UNCATEGORISED, "tags": [], **item}


MIGRATIONS = (
    Migration(
        id="0001_product_category_and_tags",
        about="Products and their list entries have a category and tags.",
        change=_with_groups,
    ),
)
"""In order; one that has been released is never changed."""
