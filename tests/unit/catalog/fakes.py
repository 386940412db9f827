"""The catalog without a database."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from shared.catalog.domain.errors import MnemonicTaken, ProductNotFound
from shared.catalog.domain.price_history import price_points
from shared.catalog.domain.product import Product
from shared.catalog.domain.rule import BusinessRule, Subject
from shared.catalog.domain.rule_book import RuleBook
from shared.kernel.lazy import Lazy
from shared.kernel.money import Money
from tests.support.fakes.repository import InMemoryRepository
from tests.support.fakes.unit_of_work import InMemoryUnitOfWork

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
GBP = "GBP"


class CatalogInMemory(InMemoryUnitOfWork):
    """The unit of work over products and rules, in a dict."""

    @property
    def products(self) -> "ProductsInMemory":
        return ProductsInMemory(
            self,
            Product,
            claims=lambda product: {
                ("mnemonic", product.mnemonic): lambda: MnemonicTaken(product.mnemonic)
            },
            missing=ProductNotFound,
        )

    @property
    def rule_books(self) -> "RuleBooksInMemory":
        return RuleBooksInMemory(self, RuleBook)

    def product_rules(self) -> RuleBook:
        return self.rule_books.of(Subject.PRODUCT)

    def product_and_rules(self, product_id: str) -> tuple[Product, RuleBook]:
        return self.products.get(product_id), self.rule_books.of(Subject.PRODUCT)


class ProductsInMemory(InMemoryRepository[Product]):
    """Products, with the prices that their events tell of."""

    def find(self, aggregate_id: str) -> Product | None:
        found = super().find(aggregate_id)
        if found is not None:
            events = [each for each in self._uow.database.events if each.aggregate_id == found.id]
            found.price_history = Lazy.of(price_points(events))
        return found


class RuleBooksInMemory(InMemoryRepository[RuleBook]):
    """Rule books, empty ones where there are none."""

    def of(self, subject: Subject) -> RuleBook:
        return self.find(subject) or RuleBook.empty(subject)


def a_rule(
    subject: Subject = Subject.PRODUCT,
    *,
    id: str = "r-1",
    field: str = "mnemonic",
    kind: str = "length",
    parameters: Any = MappingProxyType({"max": 8}),
    **more: Any,
) -> BusinessRule:
    """Return a rule in force since `NOW`."""
    given = dict(parameters) if isinstance(parameters, Mapping) else parameters
    times = {"starts_at": NOW, "added_at": NOW}
    return BusinessRule(
        id=id, subject=subject, field=field, kind=kind, parameters=given, **times | more
    )


def a_product(
    id: str = "p-1",
    *,
    mnemonic: str = "TEAPOT",
    price: int = 1_000,
    currency: str = GBP,
    is_confidential: bool = False,
    at: datetime = NOW,
) -> Product:
    """Return a new product."""
    return Product.create(
        id,
        mnemonic=mnemonic,
        overview="A teapot.",
        is_confidential=is_confidential,
        price=Money(price, currency),
        at=at,
    )
