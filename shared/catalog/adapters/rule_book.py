"""How a rule book looks in the table, and what evaluates it: loads little where there is none."""

from collections.abc import Mapping
from typing import Any

from shared.catalog.domain.rule import BusinessRule, Subject
from shared.catalog.domain.rule_book import RuleBook
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.writes import STATE


def book_key(subject: Subject) -> dict[str, str]:
    """Return where the book is."""
    return {"PK": partition(RuleBook.aggregate_type, subject), "SK": STATE}


def book_of(item: Mapping[str, Any] | None, subject: Subject) -> RuleBook:
    """Return the book that a state item holds; an empty one where there is no item."""
    if item is None:
        return RuleBook.empty(subject)
    return RuleBook(
        subject,
        rules=[BusinessRule.from_data(each) for each in item["rules"]],
        version=item["version"],
    )


def list_partition(subject: Subject) -> str:
    """Return the partition of the list of all rules about *subject*, ended ones too."""
    return f"RULES#{subject}"


def list_entry(rule: Mapping[str, Any]) -> Item:
    """Return a rule's entry: the table sorts it by when it was added."""
    place = list_partition(Subject(rule["subject"]))
    return {"PK": place, "SK": f"{rule['added_at']}#{rule['id']}", **rule}


def evaluate(rule: BusinessRule, value: Any) -> str | None:
    """Say what is wrong with *value* by *rule*, or nothing."""
    from shared.catalog.adapters import rule_evaluation  # noqa: PLC0415  # only where there are rules

    return rule_evaluation.evaluate(rule, value)
