"""From a failing run to one that a person can read: as few faults as still make it fail."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tools.lab.simulation.trying import try_plan
from tools.lab.simulation.world.faults import Plan
from tools.lab.simulation.world.run import Result


@dataclass(frozen=True, slots=True)
class Shortened:
    """The shortest prefix of faults that still fails, and how many runs it took to find it."""

    result: Result
    faults: int
    tried: int


def shorten(failing: Result, *, play: Callable[[Plan], Result] = try_plan) -> Shortened:
    """Return the failing run with the fewest faults: nothing fails any more after the n-th.

    Up to its last fault such a run is the original one, step by step, so its trace is a prefix of
    what happened and then a world in which all goes well. Failing is not monotonic in n, so every
    n is tried, from none on.
    """
    for number in range(failing.injected):
        result = play(replace(failing.plan, max_faults=number))
        if result.violation is not None:
            return Shortened(result, number, number + 1)
    return Shortened(failing, failing.injected, failing.injected)


def replay_command(plan: Plan) -> str:
    """Return what to type to see the run again."""
    if plan.max_faults is None:
        return f"make sim SEED={plan.seed}"
    return f"make sim SEED={plan.seed} FAULTS={plan.max_faults}"
