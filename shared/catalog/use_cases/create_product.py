"""Create a product."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.catalog.domain.details import ProductDetails
from shared.catalog.domain.facts import product_facts
from shared.catalog.domain.labels import UNCATEGORISED
from shared.catalog.domain.product import Product
from shared.catalog.ports import CatalogUnitOfWork
from shared.kernel.clock import Clock
from shared.kernel.ids import IdSource
from shared.kernel.money import Money

if TYPE_CHECKING:
    from shared.catalog.domain.rule import Evaluator


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
    evaluate: "Evaluator"

    def __call__(self, command: CreateProduct, /) -> ProductDetails:
        """Return the new product.

        Raises `ValidationFailed`, `BrokenRules` with every business rule it breaks, or
        `MnemonicTaken`.
        """
        with self.uow as uow:
            at = self.clock.now()
            product = Product.create(
                self.new_id(),
                mnemonic=command.mnemonic,
                overview=command.overview,
                is_confidential=command.is_confidential,
                price=command.price,
                category=command.category,
                tags=command.tags,
                at=at,
            )
            rules = uow.product_rules()
            rules.check(product_facts(product), at=at, evaluate=self.evaluate)
            uow.products.save(product)
            result = ProductDetails.of(product)
            uow.commit(result)
        return result
