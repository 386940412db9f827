"""The events that the catalog publishes, and how older versions are read (``events/schemas``)."""

from collections.abc import Mapping
from typing import Any

from shared.kernel.events import Upcast

EVENTS: Mapping[str, int] = {
    "business_rule.added": 1,
    "business_rule.ended": 1,
    "product.created": 2,
    "product.updated": 2,
}
"""Type → the version that is written today."""


def _created_has_category_and_tags(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Version 2 says how the product is grouped; before, nobody could say."""
    return {**data, "category": "uncategorised", "tags": []}


UPCASTS: Mapping[tuple[str, int], Upcast] = {
    ("product.created", 1): _created_has_category_and_tags,
    ("product.updated", 1): dict,  # version 2 may name category and tags among the changes
}
"""By (type, version): the step to the next version."""
