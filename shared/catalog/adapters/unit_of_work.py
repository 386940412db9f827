"""Products on DynamoDB: state, lists and totals change in one transaction."""

from collections.abc import Mapping
from typing import Any

from shared.catalog.adapters.product import (
    audiences_of,
    counter,
    entry_tag,
    list_entry,
    list_entry_key,
    product_of,
    state_of,
    was_confidential,
)
from shared.catalog.adapters.rule_book import book_key, book_of
from shared.catalog.adapters.rule_book import list_entry as rule_entry
from shared.catalog.domain.errors import MnemonicTaken, ProductNotFound
from shared.catalog.domain.price_history import PricePoint, price_points
from shared.catalog.domain.product import Product
from shared.catalog.domain.rule import Subject
from shared.catalog.domain.rule_book import RuleBook
from shared.kernel.lazy import Lazy
from shared.platform.cache.generations import new_generation
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.event_log import EventLog
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.reading import batch_get
from shared.platform.dynamodb.repository import DynamoRepository
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import STATE, claim, delete, put


class DynamoProducts(DynamoRepository[Product]):
    """Keeps each product once as its state and once in each list that shows it."""

    aggregate_class = Product

    def save(self, aggregate: Product) -> None:
        """Stage the state, the claim of a new mnemonic, the list entries and the totals."""
        super().save(aggregate)
        if not aggregate.pending_events:
            return
        if aggregate.committed_version == 0:
            self._uow.stage(
                claim(
                    "mnemonic",
                    aggregate.mnemonic,
                    owner=aggregate.id,
                    taken=lambda: MnemonicTaken(aggregate.mnemonic),
                )
            )
        self._keep_lists(aggregate)
        self._uow.stage(new_generation(entry_tag(aggregate.id)))

    def _keep_lists(self, product: Product) -> None:
        """Stage what keeps the lists true; the condition on the state's version guards it all."""
        before = audiences_of(confidential=was_confidential(product))
        if product.committed_version == 0:
            before = frozenset()
        now = audiences_of(confidential=product.is_confidential)
        for audience in sorted(now):
            self._uow.stage(put(list_entry(product, audience), condition=None))
        for audience in sorted(before - now):
            self._uow.stage(delete(list_entry_key(product, audience), condition=None))
        for audience in sorted(before ^ now):
            self._uow.count(counter(audience), 1 if audience in now else -1)

    def missing(self, aggregate_id: str) -> Exception:
        """Return `ProductNotFound`."""
        return ProductNotFound(aggregate_id)

    def to_item(self, aggregate: Product) -> Item:
        """Return the state's attributes."""
        return state_of(aggregate)

    def from_item(self, item: Mapping[str, Any]) -> Product:
        """Return the product; its price history is read when it is asked for."""
        return product_of(
            item, price_history=Lazy(lambda: self._price_history(item["id"], item["version"]))
        )

    def _price_history(self, product_id: str, version: int) -> tuple[PricePoint, ...]:
        """Return the prices up to *version*: what came since is not the loaded product's."""
        log = EventLog(self._uow.client, self._uow.table)
        page = log.stream(Product.aggregate_type, product_id)
        events = page.events
        while page.next:
            page = log.stream(Product.aggregate_type, product_id, start=page.next)
            events += page.events
        return price_points(event for event in events if event.version <= version)


class DynamoRuleBooks(DynamoRepository[RuleBook]):
    """Keeps each book as its state, and every rule there ever was in a list."""

    aggregate_class = RuleBook

    def of(self, subject: Subject) -> RuleBook:
        """Return the book about *subject*; an empty one before its first rule."""
        return self.find(subject) or RuleBook.empty(subject)

    def save(self, aggregate: RuleBook) -> None:
        """Stage the state and the list entries; the condition on the state guards them."""
        super().save(aggregate)
        for event in aggregate.pending_events:
            self._uow.stage(put(rule_entry(event.to_data()["rule"]), condition=None))

    def to_item(self, aggregate: RuleBook) -> Item:
        """Return the state's attributes."""
        return {"rules": [rule.to_data() for rule in aggregate.rules]}

    def from_item(self, item: Mapping[str, Any]) -> RuleBook:
        """Return the book."""
        return book_of(item, Subject(item["PK"].partition("#")[2]))


class DynamoCatalogUnitOfWork(DynamoUnitOfWork):
    """The unit of work over products and the rules about them."""

    @property
    def products(self) -> DynamoProducts:
        """The products."""
        return DynamoProducts(self)

    @property
    def rule_books(self) -> DynamoRuleBooks:
        """The rule books."""
        return DynamoRuleBooks(self)

    def product_rules(self) -> RuleBook:
        """Return the rules about products: one consistent read."""
        return self.rule_books.of(Subject.PRODUCT)

    def product_and_rules(self, product_id: str) -> tuple[Product, RuleBook]:
        """Return the product and the rules about products: one consistent batch read."""
        book = book_key(Subject.PRODUCT)
        keys = [{"PK": partition(Product.aggregate_type, product_id), "SK": STATE}, book]
        with repository_call("get", "Product+RuleBook"):
            found = {item["PK"]: item for item in batch_get(self.client, self.table, keys)}
        rules = book_of(found.pop(book["PK"], None), Subject.PRODUCT)
        for item in found.values():
            return self.products.from_item(item), rules
        raise ProductNotFound(product_id)
