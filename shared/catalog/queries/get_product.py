"""Show one product."""

from dataclasses import dataclass

from shared.catalog.domain.details import ProductDetails
from shared.catalog.domain.errors import ProductNotFound
from shared.catalog.ports import ProductReader
from shared.kernel.refusals import ensure_not_none


@dataclass(frozen=True, slots=True, kw_only=True)
class GetProduct:
    """Ask for a product; ``confidential_too`` when the caller may know of confidential ones."""

    product_id: str
    confidential_too: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GetProductHandler:
    """Shows products."""

    products: ProductReader

    def __call__(self, query: GetProduct, /) -> ProductDetails:
        """Return the product; `ProductNotFound` also for one the caller must not know of."""
        found = ensure_not_none(
            self.products.find(query.product_id), ProductNotFound(query.product_id)
        )
        if found.is_confidential and not query.confidential_too:
            raise ProductNotFound(query.product_id).hiding()
        return found
