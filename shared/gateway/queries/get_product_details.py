"""Show everything about a product, from every context that knows of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.gateway.domain.errors import ProductNotFound
from shared.gateway.ports import Entries, Levels


@dataclass(frozen=True, slots=True, kw_only=True)
class GetProductDetails:
    """Ask for the details of one product."""

    product_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsOfProduct:
    """The catalog's entry, and the pieces on offer (``None``: never in stock)."""

    entry: Mapping[str, Any]
    available: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GetProductDetailsHandler:
    """Asks the contexts."""

    entries: Entries
    levels: Levels

    def __call__(self, query: GetProductDetails) -> DetailsOfProduct:
        """Return what is public about the product; `ProductNotFound` for a confidential one."""
        entry = self.entries.find(query.product_id)
        if entry is None or entry["product"]["is_confidential"]:
            raise ProductNotFound(query.product_id)
        return DetailsOfProduct(entry=entry, available=self.levels.available(query.product_id))
