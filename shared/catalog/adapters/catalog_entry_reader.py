"""Product entries: what the catalog tells about a product at length, kept until it changes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.catalog.adapters.product import entry_tag
from shared.catalog.adapters.unit_of_work import DynamoCatalogUnitOfWork
from shared.catalog.domain.details import ProductDetails
from shared.catalog.domain.price_history import public_prices
from shared.platform.cache.decorators import cache_aside
from shared.platform.cache.keys import key_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from shared.platform.cache.cache import Cache

ENTRY_SECONDS = 900


@dataclass(frozen=True, slots=True)
class CachedCatalogEntries:
    """Composes entries from the product and its whole history, once for each of its versions."""

    client: "DynamoDBClient"
    table: str
    cache: "Cache"

    def find(self, product_id: str) -> dict[str, Any] | None:
        """Return ``{"product": …, "price_history": […]}``, or ``None``.

        Of the prices those that were public. Right at any moment: the product's transactions
        renew the generation of its tag.
        """
        entry = cache_aside(
            self.cache,
            key_of("catalog-entry-2", product_id),
            lambda: self._compose(product_id),
            ttl=ENTRY_SECONDS,
            tags=[entry_tag(product_id)],
        )
        return entry or None

    def close(self) -> None:
        """Close the cache."""
        self.cache.close()

    def _compose(self, product_id: str) -> dict[str, Any]:
        with DynamoCatalogUnitOfWork(self.client, self.table) as uow:
            product = uow.products.find(product_id)
        if product is None:
            return {}
        return {
            "product": ProductDetails.of(product).to_data(),
            "price_history": [
                {"amount": point.amount, "currency": point.currency, "since": point.since}
                for point in public_prices(product.price_history.value)
            ],
        }
