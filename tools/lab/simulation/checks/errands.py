"""What an operator or a schedule is told is so."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tools.lab.simulation.checks import migrations
from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.replays import REPLAY, Replays
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Errand
from tools.lab.simulation.world.faults import Fault

HONEST = "errands: one that fails has its fault, and what it tells is so"

REBUILD, ROTATE = "operators.rebuild", "identity.rotate_signing_keys"
_OPEN = "in_progress"


class Errands:
    """Looks at the end of every errand."""

    def __init__(self, world: Any, books: Books) -> None:
        self._world = world
        self._books = books
        self._rebuilds: list[Errand] = []
        self._rotations: list[Errand] = []
        self._replays = Replays(world, books)

    def set_out(self, errand: Errand) -> None:
        """Take note of one that sets out."""
        if errand.function == REBUILD:
            self._rebuilds.append(errand)
        if errand.function == ROTATE:
            self._rotations.append(errand)
        if errand.function == REPLAY:
            self._replays.set_out(errand)

    def told(self, errand: Errand) -> None:
        """Hold what is told to the books; what fails, to what went wrong."""
        name = f"{errand.function} {dict(errand.asked)}"
        if errand.result is None:
            failed = errand.faults or (errand.function == REBUILD and self._given_way(errand))
            require(failed, HONEST, f"{name}: {errand.error}, and nothing had failed")
            return
        refused = isinstance(errand.result, dict) and "error" in errand.result
        if refused and errand.function == ROTATE:
            refused = not self._was_late(errand)
        require(not refused, HONEST, f"{name}: {errand.result}")
        if errand.function == REPLAY:
            self._replays.told(errand)
        if errand.function == migrations.MIGRATE:
            migrations.told(self._books, errand)
        check = _CHECKS.get(errand.function)
        if check is not None:
            check(self, errand, name)

    def _given_way(self, errand: Errand) -> bool:
        """Tell whether another rebuild was going on, or somebody gave this one up."""
        busy = any(each.invocation != errand.invocation for each in self._rebuilds)
        return busy and errand.error == "StaleAggregate"

    def _was_late(self, errand: Errand) -> bool:
        """Tell whether another turn of the keys came before this one, as the next finds out."""
        stale = errand.result["error"]["code"] == "STALE_AGGREGATE"
        return stale and any(
            each.faults or each.answered_at is None or each.answered_at >= errand.asked_at
            for each in self._rotations
            if each.invocation != errand.invocation
        )

    def _watched(self, errand: Errand, name: str) -> None:
        """The oldest open order is one that was open, and none that was open all along is older.

        Neither can be told while an index is behind, or a clock wrong.
        """
        counts = self._world.faults.counts
        if counts[Fault.STALE_INDEX] or counts[Fault.CLOCK_JUMP]:
            return
        told, now = errand.result["oldest_seconds"], errand.answered_at or 0.0
        took = now - errand.asked_at + 1.0
        ages: dict[bool, list[float]] = {True: [], False: []}
        for order in self._books.states("orders", "Order"):
            shown = self._books.shown_since("orders", "Order", order["id"], errand.started)
            is_open = [each["outcome"] == _OPEN for each in shown]
            if any(is_open):
                age = now - datetime.fromisoformat(order["placed_at"]).timestamp()
                early = self._books.existed_at("orders", "Order", order["id"], errand.started)
                ages[all(is_open) and early].append(age)
        some = any(abs(age - told) <= took for age in (*ages[True], *ages[False]))
        none = told == 0 and not ages[True]
        older = [age for age in ages[True] if age > told + took]
        require((some or none) and not older, HONEST, f"{name} told {told}; there were {ages}")


_CHECKS: dict[str, Callable[[Errands, Errand, str], None]] = {
    "orders.watch_open_orders": Errands._watched,
}
