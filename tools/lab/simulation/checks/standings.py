"""What is known of customers' orders is right at every write, in the generation that is shown.

The projector writes one event at a time, to all generations that are written, and a rebuild the
past to the new one. So at any moment a summary is the sum of the facts beside it, facts are those
of events, and whoever is shown a generation misses nothing that the projector has handled.
"""

from collections import defaultdict
from typing import Any

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Commit, Fact, Item
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending

SUM = "read models: a summary is the sum of the facts beside it"
TRUE = "read models: a fact about an order is its event's"
SHOWN = "read models: a summary is shown as it was while it was read"
NONE_MISSED = "read models: what is shown misses no event that was handled"
KEPT = "read models: only what nobody is shown any more is removed"

PROJECTOR = "customers.project_customer_summary"
POINTER = "READMODEL#customer_summary"
_MARKER = f"INBOX#{PROJECTOR}#"
_READER = "customers.get_customer_summary"
_PREFIX = "CUSTOMER#"
_ENDS = {"order.completed": "completed", "order.failed": "failed", "order.cancelled": "cancelled"}
_STRONGEST = ("cancelled", "failed", "completed")


def shown(books: Books) -> str:
    """Return the generation that readers see."""
    return str(_pointer(books).get("active") or "1")


def _pointer(books: Books) -> Item:
    return books.items.get(("customers", POINTER, "GENERATIONS"), {})


class Standings:
    """Follows facts and summaries, generation by generation."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._kept: defaultdict[str, dict[str, Item]] = defaultdict(dict)
        self._events: dict[str, Item] = {}
        self._handled: list[Item] = []
        self._times: defaultdict[str, list[tuple[int, Item | None]]] = defaultdict(list)

    def after_step(self, commit: Commit) -> None:
        """Hold what changed of the read model to the facts and the events."""
        for fact in commit.events:
            if fact.context == "orders" and fact.new is not None:
                self._events[fact.new["event_id"]] = fact.new
        changed = [f for f in commit.facts if f.context == "customers" and _is_kept(f.pk)]
        for fact in changed:
            self._take(fact)
        for pk in dict.fromkeys(fact.pk for fact in changed if fact.new is not None):
            self._sums(pk)
        for pk in dict.fromkeys(fact.pk for fact in changed):
            if _generation(pk) == shown(self._books):
                self._note(commit, pk.split("#", 2)[2])
        for fact in commit.facts:
            if fact.pk.startswith(_MARKER) and fact.new is not None:
                event = self._events[fact.pk.removeprefix(_MARKER)]
                self._handled.append(event)
                self._known(event)
            elif fact.pk == POINTER and fact.context == "customers":
                self._takes_over(fact, commit)

    def answered(self, pending: Pending) -> None:
        """Hold the summary that somebody is shown to those there were while it was read."""
        answer = pending.answer
        if pending.function != _READER or answer is None or answer.status != 200:
            return
        customer = pending.path.split("/")[-2]
        before = [(0, None), *self._times[customer]]
        since = [each for number, each in before if number <= pending.started][-1:]
        states = since + [each for number, each in before if number > pending.started]
        views = [_view(each, customer) for each in states]
        require(answer.data in views, SHOWN, f"{answer.data}; there were {views}")

    def _note(self, commit: Commit, customer: str) -> None:
        """Take note of what is shown of a customer from this commit on."""
        kept = self._kept[f"{_PREFIX}{shown(self._books)}#{customer}"]
        self._times[customer].append((commit.number, kept.get("SUMMARY")))

    def _take(self, fact: Fact) -> None:
        if fact.new is None:
            self._kept[fact.pk].pop(fact.sk, None)
            pointer = _pointer(self._books)
            written = {shown(self._books), pointer.get("building")}
            require(_generation(fact.pk) not in written, KEPT, f"{fact.pk} {fact.sk}")
            return
        self._kept[fact.pk][fact.sk] = fact.new
        if fact.sk.startswith("ORDER#"):
            self._is_true(fact.pk, fact.sk.partition("#")[2], fact.new)

    def _is_true(self, pk: str, order_id: str, facts: Item) -> None:
        history = self._books.history("orders", "Order", order_id)
        placed = next((e for e in history if e["type"] == "order.placed"), None)
        name = f"{pk} of {order_id}: {facts}"
        require(placed is not None and placed["data"]["customer_id"] in pk, TRUE, name)
        assert placed is not None
        if facts["placed_at"] is not None:
            total = placed["data"]["total"]
            said = facts["placed_at"], facts["amount"], facts["currency"]
            right = said == (placed["occurred_at"], total["amount"], total["currency"])
            require(right, TRUE, f"{name}; it came to {total}")
        ends = {_ENDS[e["type"]] for e in history if e["type"] in _ENDS}
        require({*facts["ends"]} <= ends, TRUE, f"{name}; it ended as {ends}")

    def _sums(self, pk: str) -> None:
        kept = self._kept[pk]
        counts: dict[str, Any] = dict.fromkeys(("orders", *_STRONGEST), 0)
        spent: dict[str, int] = {}
        times = []
        for sk, facts in kept.items():
            if sk == "SUMMARY" or facts["placed_at"] is None:
                continue
            counts["orders"] += 1
            times.append(facts["placed_at"])
            end = next((each for each in _STRONGEST if each in facts["ends"]), None)
            if end is not None:
                counts[end] += 1
            if end == "completed" and facts["amount"]:
                spent[facts["currency"]] = spent.get(facts["currency"], 0) + facts["amount"]
        wanted = {
            **counts,
            "spent": spent,
            "first_order_at": min(times, default=None),
            "last_order_at": max(times, default=None),
        }
        found = kept.get("SUMMARY", {})
        same = {each: found.get(each) for each in wanted} == wanted
        require(same, SUM, f"{pk}: {found}; beside it: {wanted}")

    def _known(self, event: Item) -> None:
        order_id = event["data"]["order_id"]
        order = self._books.state("orders", "Order", order_id)
        assert order is not None
        pk = f"{_PREFIX}{shown(self._books)}#{order['customer_id']}"
        facts = self._kept[pk].get(f"ORDER#{order_id}", {})
        end = _ENDS.get(event["type"])
        there = facts.get("placed_at") if end is None else end in facts.get("ends", ())
        require(there, NONE_MISSED, f"{event['type']} {event['event_id']} is not in {pk}: {facts}")

    def _takes_over(self, fact: Fact, commit: Commit) -> None:
        assert fact.new is not None
        before = "1" if fact.old is None else fact.old["active"]
        if before != fact.new["active"]:
            for event in self._handled:
                self._known(event)
            for customer in sorted(
                {e["customer_id"] for e in self._books.states("orders", "Order")}
            ):
                self._note(commit, customer)


def _view(summary: Item | None, customer: str) -> Item:
    """Return a summary as the API shows it; of somebody who is not known it says nothing."""
    found: dict[str, Any] = {"customer_id": customer, "orders": 0, "spent": {}}
    found.update(dict.fromkeys(("first_order_at", "last_order_at", "as_of")))
    found.update(dict.fromkeys(_STRONGEST, 0))
    found.update(summary or {})
    spent = [{"amount": a, "currency": c} for c, a in sorted(found["spent"].items())]
    view = {name: found[name] for name in found if name not in ("PK", "SK", "version")}
    return {
        **view,
        "spent": spent,
        "open": found["orders"] - sum(found[each] for each in _STRONGEST),
    }


def _is_kept(pk: str) -> bool:
    return pk.startswith(_PREFIX)


def _generation(pk: str) -> str:
    return pk.split("#", 2)[1]
