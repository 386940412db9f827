"""The catalog over HTTP: bodies, views and entity tags."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Header
from pydantic import ConfigDict, Field, field_validator

from shared.catalog.domain.details import ProductDetails
from shared.catalog.domain.errors import ProductNotFound
from shared.catalog.domain.labels import LABEL, MAX_LABEL, MAX_TAGS
from shared.catalog.domain.product import MAX_OVERVIEW
from shared.catalog.use_cases.create_product import CreateProduct
from shared.catalog.use_cases.update_product import UpdateProduct
from shared.kernel.ids import is_id
from shared.kernel.money import MAX_AMOUNT, Money
from shared.platform.access.permissions import Permission
from shared.platform.access.security import holds
from shared.platform.http.deprecation import Deprecation
from shared.platform.http.middleware.asgi import GZIP_TAG
from shared.platform.http.models import Body, View
from shared.platform.http.reply import Reply
from shared.platform.http.text import Text

VERSION_1 = Deprecation(
    since=datetime(2026, 11, 21, tzinfo=UTC),
    sunset=datetime(2027, 11, 30, tzinfo=UTC),
    successor="/api/v2/products",
)
"""Version 1 of the product endpoints knows no category and no tags."""

_TAG = re.compile(r'(?:W/)?"[^"]*"')
_OUR_TAG = re.compile(rf'"([1-9][0-9]{{0,17}})(?:{GZIP_TAG})?"')  # read compressed, or not

SeesConfidential = Annotated[bool, holds(Permission.PRODUCT_READ_CONFIDENTIAL, otherwise=404)]
"""Whether the caller may know of confidential products."""
ListsConfidential = Annotated[bool, holds(Permission.PRODUCT_READ_CONFIDENTIAL, otherwise=200)]
"""Whether confidential products are among those that the caller is shown."""
SetsAnyPrice = Annotated[bool, holds(Permission.PRODUCT_ADMIN, otherwise=403)]
"""Whether the caller may move a price as far as they like."""

Overview = Annotated[Text, Field(max_length=MAX_OVERVIEW, examples=["A teapot for two."])]

Label = Annotated[
    str, Field(pattern=f"^(?:{LABEL.pattern})$", max_length=MAX_LABEL, examples=["kitchen"])
]
Tags = Annotated[list[Label], Field(max_length=MAX_TAGS, examples=[["tea", "gift"]])]


class PriceBody(Body):
    """An amount in minor units (cents) of an ISO 4217 currency."""

    amount: int = Field(ge=0, le=MAX_AMOUNT, examples=[1295])
    currency: str = Field(pattern=r"^[A-Z]{3}$", examples=["GBP"])

    def to_money(self) -> Money:
        """Return the amount; `ValidationFailed` for an unknown currency."""
        return Money(self.amount, self.currency)


class CreateProductBody(Body):
    """A product to create."""

    mnemonic: str = Field(pattern=r"^[A-Z0-9_]{1,50}$", examples=["TEAPOT_BLUE"])
    overview: Overview
    is_confidential: bool = False
    price: PriceBody

    def to_command(self) -> CreateProduct:
        """Return the command."""
        return CreateProduct(
            mnemonic=self.mnemonic,
            overview=self.overview,
            is_confidential=self.is_confidential,
            price=self.price.to_money(),
        )


class CreateProductV2Body(CreateProductBody):
    """A product to create, and how it is grouped."""

    category: Label
    tags: Tags = Field(default_factory=list)

    def to_command(self) -> CreateProduct:
        """Return the command."""
        return replace(super().to_command(), category=self.category, tags=tuple(self.tags))


def _without_null(schema: dict[str, Any]) -> None:
    for name, found in schema["properties"].items():
        given = next(option for option in found.pop("anyOf") if option != {"type": "null"})
        del found["default"]
        schema["properties"][name] = found | given


class UpdateProductBody(Body):
    """What to change of a product; a field that is left out stays, and ``null`` is refused."""

    model_config = ConfigDict(json_schema_extra=_without_null)

    overview: Overview | None = None
    is_confidential: bool | None = None
    price: PriceBody | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _not_null(cls, value: Any) -> Any:
        if value is None:
            msg = "null is no value for this field; leave the field out to keep it"
            raise ValueError(msg)
        return value

    def to_command(
        self, product_id: str, *, versions: frozenset[int] | None, any_price: bool
    ) -> UpdateProduct:
        """Return the command."""
        return UpdateProduct(
            product_id=known_form(product_id),
            overview=self.overview,
            is_confidential=self.is_confidential,
            price=self.price.to_money() if self.price else None,
            versions=versions,
            any_price=any_price,
        )


class UpdateProductV2Body(UpdateProductBody):
    """What to change of a product; ``tags`` replaces all of them."""

    category: Label | None = None
    tags: Tags | None = None

    def to_command(
        self, product_id: str, *, versions: frozenset[int] | None, any_price: bool
    ) -> UpdateProduct:
        """Return the command."""
        command = super().to_command(product_id, versions=versions, any_price=any_price)
        tags = None if self.tags is None else tuple(self.tags)
        return replace(command, category=self.category, tags=tags)


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


def known_form(product_id: str) -> str:
    """Return *product_id*; `ProductNotFound` for what cannot be the id of anything."""
    if not is_id(product_id):
        raise ProductNotFound(product_id)
    return product_id


async def _if_match(
    if_match: Annotated[str | None, Header(max_length=1_000, examples=['"3"'])] = None,
) -> frozenset[int] | None:
    """Read ``If-Match`` (RFC 9110 §13.1.1): strong tags only, or ``*`` alone for any version.

    A header without one of our tags names no version, so nothing matches it.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    ours = (_OUR_TAG.fullmatch(tag) for tag in _TAG.findall(if_match))
    return frozenset(int(tag[1]) for tag in ours if tag)


IfMatch = Annotated[frozenset[int] | None, Depends(_if_match)]
