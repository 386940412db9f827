"""Show everything about a product, from every context that knows of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.gateway.domain.errors import ProductNotFound
from shared.gateway.ports import Levels, Sheets


@dataclass(frozen=True, slots=True, kw_only=True)
class GetProductDetails:
    """Ask for all about one product."""

    product_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsOfProduct:
    """The catalog's sheet, and the pieces on offer (``None``: never in stock)."""

    sheet: Mapping[str, Any]
    available: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GetProductDetailsHandler:
    """Asks the contexts."""

    sheets: Sheets
    levels: Levels

    def __call__(self, query: GetProductDetails) -> DetailsOfProduct:
        """Return what is public about the product; `ProductNotFound` for a confidential one."""
        sheet = self.sheets.find(query.product_id)
        if sheet is None or sheet["product"]["is_confidential"]:
            raise ProductNotFound(query.product_id)
        return DetailsOfProduct(sheet=sheet, available=self.levels.available(query.product_id))
