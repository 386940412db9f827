"""Take units in, or write them off."""

from dataclasses import dataclass

from shared.inventory.domain.errors import ProductNotFound
from shared.inventory.domain.level import StockLevel
from shared.inventory.domain.stock import Stock
from shared.inventory.ports import InventoryUnitOfWork, ProductDirectory
from shared.kernel.refusals import validation_error


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustStock:
    """Change how many units there are of a product; negative writes off."""

    product_id: str
    quantity: int
    reason: str

    def __post_init__(self) -> None:
        if self.quantity == 0:
            raise validation_error("quantity", "an adjustment is not zero", "not_zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustStockHandler:
    """Adjusts stock."""

    uow: InventoryUnitOfWork
    products: ProductDirectory

    def __call__(self, command: AdjustStock, /) -> StockLevel:
        """Return the balance that this adjustment made of the one it found.

        Orders that move units in the same moment are not in it; they are in the stored balance.
        Raises `ProductNotFound`, `InsufficientStock`, `StockLimitExceeded`.
        """
        with self.uow as uow:
            stock = uow.stocks.find(command.product_id)
            if stock is None:
                stock = self._first_stock(command.product_id)
            movement = stock.adjust(command.quantity, reason=command.reason)
            uow.stocks.adjust(stock, {stock.id: movement})
            level = StockLevel.of(stock.id, stock.balance)
            uow.commit(level)
        return level

    def _first_stock(self, product_id: str) -> Stock:
        """Return the stock of a product that had none; products never vanish, so ask but once."""
        if not self.products.exists(product_id):
            raise ProductNotFound(product_id)
        return Stock(product_id)
