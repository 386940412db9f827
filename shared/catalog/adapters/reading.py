"""Reads products and their lists for showing them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.catalog.adapters.items import counter, details_of, list_partition
from shared.catalog.domain.details import ProductDetails
from shared.catalog.ports import Audience, ProductOrder
from shared.kernel.paging import Page, PageRequest
from shared.kernel.specification import Specification
from shared.platform.cursors import scope_of
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.counters import total
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.expressions import Part, SortKey
from shared.platform.dynamodb.paging import Listing, Pager
from shared.platform.dynamodb.reading import get_item
from shared.platform.dynamodb.writes import STATE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_BY_CREATION = SortKey("SK", (Part("created_at"), Part("id")))
_BY_MNEMONIC = SortKey("GSI1SK", (Part("mnemonic"),))


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
class DynamoProductLists:
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
        by_mnemonic = order is ProductOrder.MNEMONIC
        named = {"audience": audience, "order": order, "descending": descending}
        listing = Listing(
            condition="GSI1PK = :list" if by_mnemonic else "PK = :list",
            values={":list": list_partition(audience)},
            keys=("PK", "SK", "GSI1PK", "GSI1SK") if by_mnemonic else ("PK", "SK"),
            scope=scope_of("products", named, principal=reader_id),
            index="GSI1" if by_mnemonic else None,
            descending=descending,
            where=where,
            sort_key=_BY_MNEMONIC if by_mnemonic else _BY_CREATION,
        )
        with repository_call("list", "Product"):
            return self.pager.page(listing, asked).map(details_of)

    def total(self, audience: Audience) -> int:
        """Return the list's length."""
        return total(self.client, self.table, counter(audience))
