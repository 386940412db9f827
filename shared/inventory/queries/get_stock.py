"""Show a product's stock."""

from dataclasses import dataclass

from shared.inventory.domain.errors import StockNotFound
from shared.inventory.domain.level import StockLevel
from shared.inventory.ports import ProductDirectory, StockReader
from shared.kernel.refusals import ensure_not_none


@dataclass(frozen=True, slots=True, kw_only=True)
class GetStock:
    """Ask for a product's stock.

    ``confidential_too`` when the caller may know of confidential products.
    """

    product_id: str
    confidential_too: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GetStockHandler:
    """Shows stock."""

    stocks: StockReader
    products: ProductDirectory

    def __call__(self, query: GetStock, /) -> StockLevel:
        """Return the balance as it is now.

        `StockNotFound` for what never was in stock, and for a product the caller must not know of.
        """
        balance = ensure_not_none(
            self.stocks.balance(query.product_id), StockNotFound(query.product_id)
        )
        if not query.confidential_too and self.products.is_confidential(query.product_id):
            raise StockNotFound(query.product_id).hiding()
        return StockLevel.of(query.product_id, balance)
