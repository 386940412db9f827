"""The catalog without a database."""

from datetime import UTC, datetime

from shared.catalog.domain.errors import MnemonicTaken, ProductNotFound
from shared.catalog.domain.product import Product
from shared.kernel.money import Money
from tests.support.fakes.repository import InMemoryRepository
from tests.support.fakes.unit_of_work import InMemoryUnitOfWork

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
GBP = "GBP"


class CatalogInMemory(InMemoryUnitOfWork):
    """The unit of work over products, in a dict."""

    @property
    def products(self) -> InMemoryRepository[Product]:
        return InMemoryRepository(
            self,
            Product,
            claims=lambda product: {
                ("mnemonic", product.mnemonic): lambda: MnemonicTaken(product.mnemonic)
            },
            missing=ProductNotFound,
        )


def a_product(
    id: str = "p-1",
    *,
    mnemonic: str = "TEAPOT",
    price: int = 1_000,
    is_confidential: bool = False,
    at: datetime = NOW,
) -> Product:
    """Return a new product."""
    return Product.create(
        id,
        mnemonic=mnemonic,
        overview="A teapot.",
        is_confidential=is_confidential,
        price=Money(price, GBP),
        at=at,
    )
