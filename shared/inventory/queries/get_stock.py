"""Show a product's stock."""

from dataclasses import dataclass

from shared.inventory.domain.errors import StockNotFound
from shared.inventory.domain.level import StockLevel
from shared.inventory.ports import StockReader
from shared.kernel.refusals import ensure_not_none


@dataclass(frozen=True, slots=True, kw_only=True)
class GetStock:
    """Ask for a product's stock."""

    product_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetStockHandler:
    """Shows stock."""

    stocks: StockReader

    def __call__(self, query: GetStock, /) -> StockLevel:
        """Return the balance as it is now; raises `StockNotFound`."""
        balance = ensure_not_none(
            self.stocks.balance(query.product_id), StockNotFound(query.product_id)
        )
        return StockLevel.of(query.product_id, balance)
