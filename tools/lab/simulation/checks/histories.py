"""An event exists if and only if its state change committed, with that version, without gaps."""

from collections import defaultdict

from tools.lab.simulation.checks.books import version_of
from tools.lab.simulation.checks.facts import STATE, Commit, Fact
from tools.lab.simulation.checks.violation import broken, require

RULE = "event exists ⇔ its state committed"

STATELESS = frozenset({"ErrorReport", "Denial"})
"""Aggregates that are their one event."""

EVENTLESS = frozenset({"KeyRing"})
"""What is kept as a state of which nobody hears."""

MOVED_WITHOUT_VERSION = frozenset({"Stock"})
"""Aggregates whose state others may add to; see `tools.lab.simulation.checks.stock`."""


class Histories:
    """Follows the versions of every aggregate."""

    def __init__(self) -> None:
        self._versions: dict[tuple[str, str], int] = {}
        self._ids: set[str] = set()

    def after_step(self, commit: Commit) -> None:
        """Hold each aggregate's events of this commit to its state."""
        events: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for fact in commit.events:
            require(fact.new is not None, RULE, f"{fact.pk} {fact.sk} was removed")
            require(fact.old is None, RULE, f"{fact.pk} {fact.sk} was written over")
            assert fact.new is not None
            event_id = fact.new["event_id"]
            require(event_id not in self._ids, RULE, f"two events are called {event_id}")
            self._ids.add(event_id)
            events[fact.context, fact.pk].append(version_of(fact.sk))
        for fact in commit.facts:
            if fact.kind in EVENTLESS:
                continue
            if fact.sk == STATE and (fact.new is not None or fact.old is not None):
                where = fact.context, fact.pk
                self._state(fact, sorted(events.pop(where, ())))
        for (context, pk), versions in events.items():
            stateless = pk.partition("#")[0] in STATELESS
            message = f"{context} {pk} has events {versions} and no state with them"
            require(stateless and versions == [1], RULE, message)

    def _state(self, fact: Fact, versions: list[int]) -> None:
        name = f"{fact.context} {fact.pk}"
        if fact.new is None:
            broken(RULE, f"{name} was removed")
        if "version" not in fact.new:
            return
        version = fact.new["version"]
        if not versions:
            kept = fact.old is not None and fact.old["version"] == version
            moved = kept and fact.kind in MOVED_WITHOUT_VERSION
            require(moved, RULE, f"{name} changed (version {version}) without an event")
            return
        before = self._versions.get((fact.context, fact.pk), 0)
        expected = list(range(before + 1, before + len(versions) + 1))
        require(versions == expected, RULE, f"{name}: events {versions} after version {before}")
        require(version == versions[-1], RULE, f"{name}: state {version}, events {versions}")
        self._versions[fact.context, fact.pk] = version
