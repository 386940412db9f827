"""Answers other contexts' questions about products, straight from the state items."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.catalog.domain.labels import UNCATEGORISED
from shared.kernel.money import Money
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.reading import batch_get, get_item
from shared.platform.dynamodb.writes import STATE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from shared.catalog.domain.rule import BusinessRule
    from shared.kernel.broken_rules import BrokenRule

_BOOK = {"PK": partition("RuleBook", "order_line"), "SK": STATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a product is called and costs at the moment of asking, and the rules for ordering."""

    product_id: str
    mnemonic: str
    price: Money
    is_confidential: bool
    version: int
    """The product's: a price that differs has another one."""
    category: str = UNCATEGORISED
    tags: Sequence[str] = ()
    rules: "Sequence[BusinessRule]" = ()

    def broken_by(self, quantity: int, /, *, at: datetime) -> "Sequence[BrokenRule]":
        """Return the rules that an order line of *quantity* pieces breaks at that moment."""
        if not self.rules:
            return ()
        from shared.catalog.adapters.rule_book import evaluate  # noqa: PLC0415  # where it is needed
        from shared.catalog.domain.rule_book import broken  # noqa: PLC0415  # as above

        facts = {
            "mnemonic": self.mnemonic,
            "category": self.category,
            "tags": list(self.tags),
            "quantity": quantity,
            "price.amount": self.price.amount,
            "price.currency": self.price.currency,
            "total.amount": self.price.amount * quantity,
        }
        return list(broken(self.rules, facts, at=at, evaluate=evaluate))


@dataclass(frozen=True, slots=True)
class DynamoPriceQuotes:
    """Quotes from the catalog's table."""

    client: "DynamoDBClient"
    table: str

    def quote(self, product_ids: Iterable[str]) -> dict[str, Quote]:
        """Return a quote for each product that exists (at most 99 asked for).

        The rules about order lines come in the same batch.
        """
        keys = [_key(product_id) for product_id in dict.fromkeys(product_ids)]
        if not keys:
            return {}
        with repository_call("quote", "Product"):
            items = batch_get(self.client, self.table, [*keys, _BOOK])
        book = next((item for item in items if item["PK"] == _BOOK["PK"]), None)
        rules = _rules(book) if book else ()
        return {
            item["id"]: Quote(
                product_id=item["id"],
                mnemonic=item["mnemonic"],
                price=Money(**item["price"]),
                is_confidential=item["is_confidential"],
                version=item["version"],
                category=item.get("category", UNCATEGORISED),  # as in `product_of`
                tags=tuple(item.get("tags", ())),
                rules=rules,
            )
            for item in items
            if item is not book
        }

    def is_confidential(self, product_id: str) -> bool | None:
        """Tell whether the product is; ``None`` when there is none such."""
        with repository_call("is_confidential", "Product"):
            item = get_item(self.client, self.table, _key(product_id))
        return None if item is None else item["is_confidential"]


def _key(product_id: str) -> dict[str, str]:
    return {"PK": partition("Product", product_id), "SK": STATE}


def _rules(book: Any) -> "Sequence[BusinessRule]":
    from shared.catalog.adapters.rule_book import book_of  # noqa: PLC0415  # where it is needed
    from shared.catalog.domain.rule import Subject  # noqa: PLC0415  # as above

    return book_of(book, Subject.ORDER_LINE).rules
