"""Create a product."""

from dataclasses import dataclass

from shared.catalog.domain.details import ProductDetails
from shared.catalog.domain.labels import UNCATEGORISED
from shared.catalog.domain.product import Product
from shared.catalog.ports import CatalogUnitOfWork
from shared.kernel.clock import Clock
from shared.kernel.ids import IdSource
from shared.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateProduct:
    """Put a product into the catalog."""

    mnemonic: str
    overview: str
    is_confidential: bool
    price: Money
    category: str = UNCATEGORISED
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateProductHandler:
    """Creates products."""

    uow: CatalogUnitOfWork
    clock: Clock
    new_id: IdSource

    def __call__(self, command: CreateProduct, /) -> ProductDetails:
        """Return the new product; raises `ValidationFailed` or `MnemonicTaken`."""
        with self.uow as uow:
            product = Product.create(
                self.new_id(),
                mnemonic=command.mnemonic,
                overview=command.overview,
                is_confidential=command.is_confidential,
                price=command.price,
                category=command.category,
                tags=command.tags,
                at=self.clock.now(),
            )
            uow.products.save(product)
            result = ProductDetails.of(product)
            uow.commit(result)
        return result
