"""All crash plans of all stories, in several processes."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import chain

from tools.lab.processes import results
from tools.lab.simulation.exhaustive.plans import (
    CrashPlan,
    Outcome,
    double_plans,
    outcome_of,
    single_plans,
)
from tools.lab.simulation.exhaustive.stories import STORIES

_CHUNK = 8


class Depth(StrEnum):
    """How much is enumerated.

    ``single``: one crash. ``double``: also a second crash of the same function, at any later
    call. ``pairs``: also a second crash of any function.
    """

    SINGLE = "single"
    DOUBLE = "double"
    PAIRS = "pairs"


@dataclass
class Enumerated:
    """How many plans were played, by the function that the last crash hit, and what failed."""

    single: Counter[str] = field(default_factory=Counter)
    double: Counter[str] = field(default_factory=Counter)
    violations: dict[str, str] = field(default_factory=dict)

    @property
    def plans(self) -> int:
        """All of them."""
        return self.single.total() + self.double.total()

    def add(self, outcome: Outcome) -> None:
        """Count a plan."""
        counted = self.single if len(outcome.plan.crashes) == 1 else self.double
        counted[outcome.killed] += 1
        if outcome.violation:
            self.violations[str(outcome.plan)] = outcome.violation

    def merge(self, other: "Enumerated") -> None:
        """Count what another process has counted."""
        self.single.update(other.single)
        self.double.update(other.double)
        self.violations.update(other.violations)


def play_plans(plans: Iterable[CrashPlan], depth: Depth) -> Enumerated:
    """Play single-crash *plans*, and what follows from each at that depth, in this process."""
    found = Enumerated()
    for plan in plans:
        first = outcome_of(plan)
        found.add(first)
        if depth is not Depth.SINGLE:
            for second in double_plans(first, anywhere=depth is Depth.PAIRS):
                found.add(outcome_of(second))
    return found


def enumerate_plans(
    depth: Depth = Depth.SINGLE,
    *,
    stories: Iterable[str] = tuple(STORIES),
    processes: int | None = None,
    progress: Callable[[Enumerated], None] = lambda _: None,
) -> Enumerated:
    """Play every plan of *stories*."""
    found = Enumerated()
    every = chain.from_iterable(results(single_plans, stories, number=processes))
    listed = sorted(every, key=str)
    chunks = [listed[first : first + _CHUNK] for first in range(0, len(listed), _CHUNK)]
    for each in results(partial(play_plans, depth=depth), chunks, number=processes):
        found.merge(each)
        progress(found)
    return found
