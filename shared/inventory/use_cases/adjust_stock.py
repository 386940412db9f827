"""Take units in, or write them off."""

from dataclasses import dataclass

from shared.inventory.domain.errors import ProductNotFound
from shared.inventory.domain.level import StockLevel
from shared.inventory.domain.stock import Stock
from shared.inventory.ports import InventoryUnitOfWork, ProductDirectory
from shared.kernel.refusals import validation_error


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustStock:
    """Change how many units there are of a product; negative writes off.

    ``confidential_too`` when the caller may know of confidential products.
    """

    product_id: str
    quantity: int
    reason: str
    confidential_too: bool

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
        Raises `ProductNotFound`, also for one the caller must not know of, `InsufficientStock`,
        `StockLimitExceeded`.
        """
        with self.uow as uow:
            stock = uow.stocks.find(command.product_id)
            # Products never vanish: who may know of all of them has the catalog asked but once.
            if stock is None or not command.confidential_too:
                self._check(command)
            stock = stock or Stock(command.product_id)
            movement = stock.adjust(command.quantity, reason=command.reason)
            uow.stocks.adjust(stock, {stock.id: movement})
            level = StockLevel.of(stock.id, stock.balance)
            uow.commit(level)
        return level

    def _check(self, command: AdjustStock) -> None:
        is_confidential = self.products.is_confidential(command.product_id)
        if is_confidential is None:
            raise ProductNotFound(command.product_id)
        if is_confidential and not command.confidential_too:
            raise ProductNotFound(command.product_id).hiding()
