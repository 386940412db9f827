"""What the checks keep of a run: every item as it is now, and what has happened so far."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tools.lab.published import UPCASTS
from tools.lab.simulation.checks.facts import EVENT_PREFIX, STATE, Commit, Item


class Books:
    """A mirror of all tables, kept step by step, and the history of what readers may be shown."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str, str], Item] = {}
        self.events: list[Item] = []
        """Event items of all contexts, in the order of their commits; each has its ``context``."""
        self.events_of: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
        self.effects: defaultdict[str, list[Commit]] = defaultdict(list)
        """Invocation → the commits at which it changed something."""
        self._states: defaultdict[tuple[str, str], tuple[list[int], list[Item]]] = defaultdict(
            lambda: ([], [])
        )

    def take(self, commit: Commit) -> None:
        """Note a commit."""
        for fact in commit.facts:
            where = (fact.context, fact.pk, fact.sk)
            if fact.new is None:
                self.items.pop(where, None)
                continue
            self.items[where] = fact.new
            if fact.is_event:
                event = {**_as_of_today(fact.new), "context": fact.context}
                self.events.append(event)
                self.events_of[fact.context, fact.pk].append(event)
            elif fact.sk == STATE:
                numbers, states = self._states[fact.context, fact.pk]
                numbers.append(commit.number)
                states.append(fact.new)
        if commit.has_effect:
            self.effects[commit.invocation].append(commit)

    def state(self, context: str, kind: str, id: str) -> Item | None:
        """Return the state of an aggregate as it is now."""
        return self.items.get((context, f"{kind}#{id}", STATE))

    def states(self, context: str, kind: str) -> Iterator[Item]:
        """Yield the state of every aggregate of a kind."""
        for (where, pk, sk), item in self.items.items():
            if sk == STATE and where == context and pk.startswith(f"{kind}#"):
                yield item

    def shown_since(self, context: str, kind: str, id: str, number: int) -> list[Item]:
        """Return the states that a consistent read since step *number* may have seen."""
        numbers, states = self._states.get((context, f"{kind}#{id}"), ([], []))
        return states[max(0, bisect_right(numbers, number) - 1) :]

    def existed_at(self, context: str, kind: str, id: str, number: int) -> bool:
        """Tell whether the aggregate was there before step *number* was over."""
        numbers, _ = self._states.get((context, f"{kind}#{id}"), ([], []))
        return bool(numbers) and numbers[0] <= number

    def history(self, context: str, kind: str, id: str) -> list[Item]:
        """Return the events of an aggregate, oldest first."""
        return self.events_of.get((context, f"{kind}#{id}"), [])

    def of_prefix(self, context: str, prefix: str) -> Iterator[tuple[str, str, Item]]:
        """Yield key and item of everything in a context whose partition begins with *prefix*."""
        for (where, pk, sk), item in self.items.items():
            if where == context and pk.startswith(prefix):
                yield pk, sk, item


def _as_of_today(event: Item) -> Item:
    """Return an event item as readers have it, whichever version old code has stored."""
    version, data = event["schema_version"], event["data"]
    while (step := UPCASTS.get((event["type"], version))) is not None:
        version, data = version + 1, step(data)
    return {**event, "schema_version": version, "data": data}


def version_of(sk: str) -> int:
    """Return the version that an event's sort key names."""
    return int(sk.removeprefix(EVENT_PREFIX))


def amount(item: Any, name: str) -> int:
    """Return a whole number of an item that may be missing."""
    return int(item.get(name) or 0) if item else 0
