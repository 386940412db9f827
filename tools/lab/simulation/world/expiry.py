"""Time to live: what has expired is removed some time later, or stays for longer than that."""

from typing import TYPE_CHECKING

from tools.lab.simulation.world.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.lab.simulation.engine.changes import Change
    from tools.lab.simulation.world.world import World

_EVERY = 8
"""Steps between two looks."""
_LINGERS = 0.7


class Expiry:
    """Remembers when rows expire, and removes some of those that have."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._names = {
            table: properties["TimeToLiveSpecification"]["AttributeName"]
            for table, properties in world.cloud.tables.items()
            if "TimeToLiveSpecification" in properties
        }
        self._rows: dict[tuple[str, str, str], tuple[float, Mapping[str, object]]] = {}
        self._first = float("inf")

    def take(self, change: "Change") -> None:
        """Note when the changed row expires."""
        name = self._names.get(change.table)
        if name is None:
            return
        row = (change.table, change.key["PK"]["S"], change.key["SK"]["S"])
        if change.new is None or name not in change.new:
            self._rows.pop(row, None)
            return
        at = float(change.new[name]["N"])
        self._rows[row] = at, change.key
        self._first = min(self._first, at)

    def maybe_remove(self) -> None:
        """Remove an expired row, or let it linger: DynamoDB takes up to two days."""
        world = self._world
        if world.step_number % _EVERY or self._first > world.clock.now:
            return
        expired = [row for row, (at, _) in self._rows.items() if at <= world.clock.now]
        if not expired:
            self._first = min((at for at, _ in self._rows.values()), default=float("inf"))
            return
        if world.plan.orderly or world.dice.random() < _LINGERS:
            world.faults.note(Fault.TTL_LINGERED)
            return
        world.faults.note(Fault.TTL_REMOVED)
        row = world.dice.choice(expired)
        _, key = self._rows[row]
        world.trace.note("time to live", "removes", "/".join(row[1:]))
        world.expire(row[0], key)
