"""Rule books on DynamoDB: a book is one item, so that it is read with the rest in one batch."""

from collections.abc import Mapping
from typing import Any

from shared.catalog.adapters.rule_items import book_of, list_entry
from shared.catalog.domain.rule import Subject
from shared.catalog.domain.rule_book import RuleBook
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.repository import DynamoRepository
from shared.platform.dynamodb.writes import put


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
            self._uow.stage(put(list_entry(event.to_data()["rule"]), condition=None))

    def to_item(self, aggregate: RuleBook) -> Item:
        """Return the state's attributes."""
        return {"rules": [rule.to_data() for rule in aggregate.rules]}

    def from_item(self, item: Mapping[str, Any]) -> RuleBook:
        """Return the book."""
        return book_of(item, Subject(item["PK"].partition("#")[2]))
