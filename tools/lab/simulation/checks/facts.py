"""A step in plain values: which items of which context changed, and on whose behalf."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Item = Mapping[str, Any]
EVENT_PREFIX = "EVENT#"
STATE = "STATE"
BESIDES = ("ErrorReport#", "Denial#", "RATE#", "LoginThrottle#", "FAILURES#")
"""Partitions that a refused or failed request may write: reports, denials and counts of it."""

_GATEWAYS = "gateway"
"""How the names of tables begin that no context has: the sandbox's ledger, and the cache."""


def plain(attribute: Mapping[str, Any]) -> Any:
    """Return the value of an attribute in wire form; numbers are whole here."""
    ((kind, value),) = attribute.items()
    match kind:
        case "N":
            return int(value)
        case "NULL":
            return None
        case "L":
            return [plain(inner) for inner in value]
        case "M":
            return {name: plain(inner) for name, inner in value.items()}
    return value


def plain_item(item: Mapping[str, Any] | None) -> Item | None:
    """Return the item in plain values."""
    return None if item is None else {name: plain(value) for name, value in item.items()}


def quantities(lines: Iterable[Item]) -> dict[str, int]:
    """Return how many of each product lines are over: a product may stand in several."""
    found: dict[str, int] = {}
    for line in lines:
        found[line["product_id"]] = found.get(line["product_id"], 0) + line["quantity"]
    return found


@dataclass(frozen=True, slots=True)
class Fact:
    """One item before and after; *context* is the table's."""

    context: str
    pk: str
    sk: str
    old: Item | None
    new: Item | None

    @property
    def kind(self) -> str:
        """What the partition key begins with: an aggregate's type, ``INBOX``, ``UNIQUE`` …."""
        return self.pk.partition("#")[0]

    @property
    def id(self) -> str:
        """What follows in the partition key."""
        return self.pk.partition("#")[2]

    @property
    def is_event(self) -> bool:
        """Whether it is an event item."""
        return self.sk.startswith(EVENT_PREFIX)


@dataclass(frozen=True, slots=True)
class Commit:
    """All facts of one atomic write, who made it (*function*, *invocation*) and when."""

    number: int
    now: float
    invocation: str
    function: str
    facts: list[Fact]

    def of(self, context: str, kind: str, sk: str = STATE) -> Iterator[Fact]:
        """Yield the facts about one kind of item."""
        for fact in self.facts:
            if fact.sk == sk and fact.context == context and fact.pk.startswith(f"{kind}#"):
                yield fact

    @property
    def events(self) -> list[Fact]:
        """The event items."""
        return [fact for fact in self.facts if fact.is_event]

    @property
    def has_effect(self) -> bool:
        """Whether anything but reports and counts was written to a context's table."""
        return any(
            not fact.context.startswith(_GATEWAYS) and not fact.pk.startswith(BESIDES)
            for fact in self.facts
        )


def commit_of(step: Any, contexts: Mapping[str, str], now: float) -> Commit:
    """Return *step* in plain values; *contexts* gives a table's context."""
    facts = [
        Fact(contexts[each.table], each.pk, each.sk, plain_item(each.old), plain_item(each.new))
        for each in step.changes
    ]
    return Commit(step.number, now, step.invocation, step.function, facts)
