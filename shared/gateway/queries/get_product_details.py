"""Show everything about a product, from every context that knows of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared.gateway.domain.errors import ProductNotFound


class Sheets(Protocol):
    """What the catalog tells."""

    def find(self, product_id: str, /) -> Mapping[str, Any] | None:
        """Return the product and its price history, as they are now."""
        ...


class Levels(Protocol):
    """What the inventory tells."""

    def available(self, product_id: str, /) -> int | None:
        """Return how many pieces are on offer right now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsOfProduct:
    """The catalog's sheet, and the pieces on offer (``None``: never in stock)."""

    sheet: Mapping[str, Any]
    available: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GetProductDetails:
    """Asks the contexts."""

    sheets: Sheets
    levels: Levels

    def __call__(self, product_id: str) -> DetailsOfProduct:
        """Return what is public about the product; `ProductNotFound` for a confidential one."""
        sheet = self.sheets.find(product_id)
        if sheet is None or sheet["product"]["is_confidential"]:
            raise ProductNotFound(product_id)
        return DetailsOfProduct(sheet=sheet, available=self.levels.available(product_id))
