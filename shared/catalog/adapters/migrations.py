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


def _with_price_place(item: Item) -> Item | None:
    if not item["PK"].startswith(_LISTS):
        return None
    price = item["price"]
    place = f"{price['currency']}#{price['amount']:016d}#{item['mnemonic']}"
    return {**item, "GSI3PK": item["PK"], "GSI3SK": place}


MIGRATIONS = (
    Migration(
        id="0001_product_category_and_tags",
        about="Products and their list entries have a category and tags.",
        change=_with_groups,
    ),
    Migration(
        id="0002_product_lists_by_price",
        about="The entries of product lists have a place in the order by price.",
        change=_with_price_place,
    ),
)
"""In order; one that has been released is never changed."""
