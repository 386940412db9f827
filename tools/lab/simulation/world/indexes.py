"""Global secondary indexes fall behind their tables, a little or without end, and catch up."""

import math
from typing import TYPE_CHECKING

from tools.lab.simulation.world.faults import Fault

if TYPE_CHECKING:
    from tools.lab.simulation.world.world import World

_EVERY = 16
"""Steps between two throws of the dice."""


class Indexes:
    """Holds indexes back."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._all = [
            (table, index["IndexName"])
            for table, properties in world.cloud.tables.items()
            for index in properties.get("GlobalSecondaryIndexes", [])
        ]

    def maybe_lag(self) -> None:
        """Let some index fall behind by one change, a few or all, or catch up."""
        world = self._world
        if world.step_number % _EVERY or not world.faults.happens(Fault.STALE_INDEX):
            return
        table, index = world.dice.choice(self._all)
        lag = world.dice.choice((0, 1, 3, 10, math.inf))
        world.engine.index_lag(table, index, lag)
        world.trace.note("index", f"{lag} changes behind", f"{table}/{index}")

    def catch_up(self) -> None:
        """Let every index show everything."""
        for table, index in self._all:
            self._world.engine.index_lag(table, index, 0)
