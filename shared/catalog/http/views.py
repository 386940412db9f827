"""What the catalog shows of products, with entity tags."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Self, TypeVar

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

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


_Flag = Annotated[
    bool | SkipJsonSchema[None],
    Field(
        description="Shown to those alone who may know of confidential products",
        exclude_if=lambda flag: flag is None,
        json_schema_extra=lambda schema: schema.pop("default"),
    ),
]


class ProductView(View):
    """A product, without what version 2 of the API added."""

    id: str
    mnemonic: str
    overview: str
    is_confidential: _Flag = None
    price: PriceBody
    version: int
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, details: ProductDetails, *, confidential_too: bool = False) -> Self:
        """Return the view of *details*, for who may know of confidential products or not."""
        known = details.to_data()
        if not confidential_too:
            del known["is_confidential"]
        return cls.model_validate(known)


class ProductV2View(ProductView):
    """A product and how it is grouped."""

    category: str
    tags: list[str]


V = TypeVar("V", bound=ProductView)


def product_reply(
    details: ProductDetails, view: type[V], *, confidential_too: bool, **options: Any
) -> Reply[V]:
    """Return *details* as a *view* with the entity tag of their version."""
    headers = {"etag": f'"{details.version}"', **options.pop("headers", {})}
    shown = view.of(details, confidential_too=confidential_too)
    return Reply(shown, headers=headers, **options)


def listed(view: type[V], *, confidential_too: bool) -> Callable[[ProductDetails], V]:
    """Return what makes a *view* of each product of a list."""
    return partial(view.of, confidential_too=confidential_too)
