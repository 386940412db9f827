"""Change a product."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.catalog.domain.details import ProductDetails
from shared.catalog.domain.errors import ProductChanged, ProductNotFound
from shared.catalog.domain.facts import product_facts
from shared.catalog.ports import CatalogUnitOfWork
from shared.kernel.clock import Clock
from shared.kernel.money import Money

if TYPE_CHECKING:
    from shared.catalog.domain.rule import Evaluator


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateProduct:
    """Set some fields of a product; ``None`` leaves a field alone.

    ``versions`` are those the caller is willing to change, ``None`` any. ``any_price`` lifts the
    limit on how far a price may move in a day, ``confidential_too`` is for who may know of
    confidential products, ``may_publish`` for who may change whether this is one.
    """

    product_id: str
    overview: str | None = None
    is_confidential: bool | None = None
    price: Money | None = None
    category: str | None = None
    tags: tuple[str, ...] | None = None
    versions: frozenset[int] | None = None
    any_price: bool = False
    confidential_too: bool = False
    may_publish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateProductHandler:
    """Changes products."""

    uow: CatalogUnitOfWork
    clock: Clock
    evaluate: "Evaluator"

    def __call__(self, command: UpdateProduct, /) -> ProductDetails:
        """Return the product as it is afterwards.

        Raises `ProductNotFound`, also for one the caller must not know of, `ProductChanged` when
        it is at none of the versions named, `AudienceChangeDenied`, `PriceChangeTooLarge`,
        `ValidationFailed`, and `BrokenRules` with every business rule that the change breaks:
        what stays as it is was judged when it came.
        """
        with self.uow as uow:
            at = self.clock.now()
            product, rules = uow.product_and_rules(command.product_id)
            if product.is_confidential and not command.confidential_too:
                raise ProductNotFound(command.product_id).hiding()
            ProductChanged.check(command.versions, version=product.version)
            before = product_facts(product)
            product.change(
                overview=command.overview,
                is_confidential=command.is_confidential,
                price=command.price,
                category=command.category,
                tags=command.tags,
                any_price=command.any_price,
                may_publish=command.may_publish,
                at=at,
            )
            if product.pending_events:
                after = product_facts(product)
                rules.check(after, at=at, evaluate=self.evaluate, before=before)
            uow.products.save(product)
            result = ProductDetails.of(product)
            uow.commit(result)
        return result
