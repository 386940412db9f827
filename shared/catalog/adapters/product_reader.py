"""Reads products and their lists for showing them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.catalog.adapters.product import counter, details_of, list_partition, sortable
from shared.catalog.domain.details import ProductDetails
from shared.catalog.ports import Audience, ProductOrder
from shared.kernel.paging import Page, PageRequest
from shared.kernel.specification import Specification
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.counters import total
from shared.platform.dynamodb.cursors import scope_of
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.expressions import Part, SortKey
from shared.platform.dynamodb.paging import Listing, Pager
from shared.platform.dynamodb.reading import get_item
from shared.platform.dynamodb.writes import STATE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an order of the list is held: partition key, sort key, index."""

    partition: str
    sort_key: SortKey
    index: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The attributes that place an item in it."""
        own = () if self.index is None else (self.partition, self.sort_key.name)
        return ("PK", "SK", *own)


_PLACES = {
    ProductOrder.CREATED_AT: _Place("PK", SortKey("SK", (Part("created_at"), Part("id")))),
    ProductOrder.MNEMONIC: _Place("GSI1PK", SortKey("GSI1SK", (Part("mnemonic"),)), "GSI1"),
    ProductOrder.PRICE: _Place(
        "GSI3PK",
        SortKey(
            "GSI3SK",
            (
                Part("price.currency"),
                Part("price.amount", encode=sortable, kind=int),
                Part("mnemonic"),
            ),
        ),
        "GSI3",
    ),
}


@dataclass(frozen=True, slots=True)
class DynamoProductReader:
    """Shows a product from its state item."""

    client: "DynamoDBClient"
    table: str

    def find(self, product_id: str) -> ProductDetails | None:
        """Return the product: one consistent ``GetItem``, so that its ETag can be relied on."""
        key = {"PK": partition("Product", product_id), "SK": STATE}
        with repository_call("find", "Product"):
            item = get_item(self.client, self.table, key)
        return None if item is None else details_of(item)


@dataclass(frozen=True, slots=True)
class DynamoProductListReader:
    """Shows the lists: one ``Query`` a page, one batch read a total."""

    client: "DynamoDBClient"
    table: str
    pager: Pager

    def page(
        self,
        asked: PageRequest,
        *,
        audience: Audience,
        order: ProductOrder,
        descending: bool,
        reader_id: str | None,
        where: Specification[Any] | None = None,
    ) -> Page[ProductDetails]:
        """Return the page; `InvalidCursor` when its cursor is not of this list and reader."""
        place = _PLACES[order]
        named = {"audience": audience, "order": order, "descending": descending}
        listing = Listing(
            condition=f"{place.partition} = :list",
            values={":list": list_partition(audience)},
            keys=place.keys,
            scope=scope_of("products", named, principal=reader_id),
            index=place.index,
            descending=descending,
            where=where,
            sort_key=place.sort_key,
        )
        with repository_call("list", "Product"):
            return self.pager.page(listing, asked).map(details_of)

    def total(self, audience: Audience) -> int:
        """Return the list's length."""
        return total(self.client, self.table, counter(audience))
