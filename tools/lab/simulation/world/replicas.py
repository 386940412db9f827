"""What a table shows to whom: copies that lag behind, answers in no order, pages cut short."""

from random import Random

from tools.lab.simulation.engine.engine import Freedom
from tools.lab.simulation.engine.freedom import BATCH_BYTES, PAGE_BYTES
from tools.lab.simulation.world.faults import Faults

_BOUNDS = (0.2, 1.0, 5.0)
"""Seconds that a copy is behind at the most: "usually a second or less", says DynamoDB."""
_PAGES = (PAGE_BYTES, PAGE_BYTES, 4_096, 1_024)
_BATCHES = (BATCH_BYTES, BATCH_BYTES, 4_096)
"""Small ones stand for large items: three answers of orders fill a page."""


def by_seed(faults: Faults) -> Freedom:
    """Return what DynamoDB does in a run where it may: no fault, yet none of it is promised away.

    An eventually consistent read of a table is behind every other time, as far as this run goes,
    until all faults are over. Dice of its own leave all else in a run as it is. In an orderly run
    everything is up to date, and batches are answered backwards.
    """
    if faults.plan.orderly:
        return Freedom(shuffle=list.reverse)
    dice = Random(f"replicas {faults.plan.seed}")
    bound = dice.choice(_BOUNDS)

    def behind() -> float:
        return 0.0 if faults.over or dice.random() < 0.5 else dice.uniform(0.0, bound)

    return Freedom(
        behind=behind,
        bound=bound,
        shuffle=dice.shuffle,
        page_bytes=dice.choice(_PAGES),
        batch_bytes=dice.choice(_BATCHES),
    )
