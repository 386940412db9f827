"""Answers other contexts' questions about products, straight from the state items."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.kernel.money import Money
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.reading import batch_get, get_item
from shared.platform.dynamodb.writes import STATE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a product is called and costs, at the moment of asking."""

    product_id: str
    mnemonic: str
    price: Money
    is_confidential: bool


@dataclass(frozen=True, slots=True)
class DynamoPriceQuotes:
    """Quotes from the catalog's table."""

    client: "DynamoDBClient"
    table: str

    def quote(self, product_ids: Iterable[str]) -> dict[str, Quote]:
        """Return a quote for each product that exists (at most 100 asked for)."""
        keys = [_key(product_id) for product_id in dict.fromkeys(product_ids)]
        with repository_call("quote", "Product"):
            items = batch_get(self.client, self.table, keys)
        quotes = (
            Quote(
                product_id=item["id"],
                mnemonic=item["mnemonic"],
                price=Money(**item["price"]),
                is_confidential=item["is_confidential"],
            )
            for item in items
        )
        return {quote.product_id: quote for quote in quotes}

    def exists(self, product_id: str) -> bool:
        """Tell whether there is such a product, confidential or not."""
        with repository_call("exists", "Product"):
            return get_item(self.client, self.table, _key(product_id)) is not None


def _key(product_id: str) -> dict[str, str]:
    return {"PK": partition("Product", product_id), "SK": STATE}
