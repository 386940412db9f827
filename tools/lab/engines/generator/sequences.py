"""Random sequences of calls."""

import json
from collections.abc import Callable
from typing import Any

from tools.lab.engines.generator import reads, writes
from tools.lab.engines.generator.dice import Dice
from tools.lab.engines.generator.spoiling import spoil
from tools.lab.engines.outcomes import unpadded

Step = tuple[str, dict[str, Any]]
_SHORTEST, _LONGEST = 4, 12
_OPERATIONS: tuple[tuple[float, Callable[[Dice], Step]], ...] = (
    (20, writes.put),
    (26, writes.update),
    (7, writes.delete),
    (5, writes.batch_write),
    (14, writes.transaction),
    (5, reads.get),
    (3, reads.batch_get),
    (3, reads.transact_get),
    (8, reads.query),
    (10, reads.pages),
    (3, reads.scan),
)


def sequence(seed: int) -> list[Step]:
    """Return the calls of *seed*, always the same."""
    dice = Dice(seed)
    steps: list[Step] = []
    for _ in range(dice.number(_SHORTEST, _LONGEST)):
        step = _repeated(dice, steps) or dice.weighted(_OPERATIONS)(dice)
        if dice.chance(0.015):
            step = spoil(dice, step)
        steps.append(step)
    return steps


def for_engine(steps: list[Step], engine: str) -> list[Step]:
    """Return what *engine* is given: MiniStack gets every number in its canonical form."""
    if engine != "MiniStack":
        return steps
    return [(operation, unpadded(request)) for operation, request in steps]


def _repeated(dice: Dice, steps: list[Step]) -> Step | None:
    """Return an earlier transaction with its token once more: a retry."""
    earlier = [step for step in steps if "ClientRequestToken" in step[1]]
    if not earlier or not dice.chance(0.08):
        return None
    operation, request = dice.pick(earlier)
    return operation, json.loads(json.dumps(request))
