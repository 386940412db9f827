"""What the catalog shows of products, with entity tags."""

from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from shared.catalog.domain.details import ProductDetails
from shared.catalog.http.parameters import PriceBody
from shared.platform.http.deprecation import Deprecation
from shared.platform.http.models import View
from shared.platform.http.reply import Reply

VERSION_1 = Deprecation(
    since=datetime(2026, 11, 21, tzinfo=UTC),
    sunset=datetime(2027, 11, 30, tzinfo=UTC),
    successor="/api/v2/products",
)
"""Version 1 of the product endpoints knows no category and no tags."""


class ProductView(View):
    """A product, without what version 2 of the API added."""

    id: str
    mnemonic: str
    overview: str
    is_confidential: bool
    price: PriceBody
    version: int
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, details: ProductDetails) -> "ProductView":
        """Return the view of *details*."""
        return cls.model_validate(details.to_data())


class ProductV2View(ProductView):
    """A product and how it is grouped."""

    category: str
    tags: list[str]

    @classmethod
    def of(cls, details: ProductDetails) -> "ProductV2View":
        """Return the view of *details*."""
        return cls.model_validate(details.to_data())


V = TypeVar("V", bound=ProductView)


def product_reply(details: ProductDetails, view: type[V], **options: Any) -> Reply[V]:
    """Return *details* as a *view* with the entity tag of their version."""
    headers = {"etag": f'"{details.version}"', **options.pop("headers", {})}
    return Reply(cast("V", view.of(details)), headers=headers, **options)
