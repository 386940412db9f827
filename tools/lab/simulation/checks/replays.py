"""A replay that is done has given its consumer every event that it was to give, and no other."""

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

from tools.lab.simulation.checks import rules
from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Item
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Errand

WHOLE = "replays: a consumer is given every event of the span again, and no other"

REPLAY = "operations.replay_events"
_PARTS = ("segment", "position")


class Replays:
    """Follows replays from segment to segment."""

    def __init__(self, world: Any, books: Books) -> None:
        self._world = world
        self._books = books
        self._there: dict[str, int] = {}
        self._invocations: defaultdict[str, set[str]] = defaultdict(set)
        self._done: defaultdict[str, set[int]] = defaultdict(set)

    def set_out(self, errand: Errand) -> None:
        """Take note of how much there was when the first part of it began."""
        self._there.setdefault(_name(errand), len(self._books.events))
        self._invocations[_name(errand)].add(errand.invocation)

    def told(self, errand: Errand) -> None:
        """When the last part is done, hold what was sent to what was there."""
        if errand.result is None or not errand.result["done"]:
            return
        name, asked = _name(errand), errand.asked
        self._done[name].add(asked.get("segment", 0))
        if len(self._done[name]) < asked.get("segments", 1):
            return
        consumer = asked["consumer"]
        queue = next(e.queue for e in self._world.subscriptions if e.consumer == consumer)
        sent = {
            json.loads(body)["detail"]["id"]
            for invocation, to, body in self._world.sent
            if invocation in self._invocations[name] and to == queue
        }
        events = [e for e in self._books.events if consumer in rules.consumers(e)]
        late = {e["event_id"] for e in self._books.events[self._there[name] :]}
        wanted = {e["event_id"] for e in events if _is_asked_for(e, asked)}
        missing, others = wanted - sent - late, sent - wanted
        require(not missing and not others, WHOLE, f"{name}: {missing} missing, {others} not due")


def _name(errand: Errand) -> str:
    """Return what all parts of one replay have in common."""
    whole = {name: value for name, value in errand.asked.items() if name not in _PARTS}
    return json.dumps(whole, sort_keys=True)


def _is_asked_for(event: Item, asked: Any) -> bool:
    if "aggregate" in asked:
        return bool(event["PK"] == asked["aggregate"])
    since, until = datetime.fromisoformat(asked["since"]), datetime.fromisoformat(asked["until"])
    return since <= datetime.fromisoformat(event["occurred_at"]) < until
