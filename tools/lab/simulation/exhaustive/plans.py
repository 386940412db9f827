"""Crash plans: a story, and the calls before or after which the container that made them dies."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Self

from tools.lab.simulation.checks.checks import Checks
from tools.lab.simulation.exhaustive.stories import STORIES, Story
from tools.lab.simulation.world.faults import CRASHES, Fault, Plan
from tools.lab.simulation.world.run import Result, run

_LETTERS = {Fault.CRASH_BEFORE: "b", Fault.CRASH_AFTER: "a"}


@dataclass(frozen=True, slots=True)
class CrashPlan:
    """A story and its crashes: number of the call → before or after it."""

    story: str
    crashes: tuple[tuple[int, Fault], ...] = ()

    def play(self, *, verbose: bool = False) -> Result:
        """Run it; whoever was killed is started again, whoever heard nothing asks again."""
        return run(
            workload=partial(Story, STORIES[self.story]),
            checks=Checks,
            plan=Plan(at_calls=dict(self.crashes)),
            verbose=verbose,
        )

    def __str__(self) -> str:
        crashes = "+".join(f"{number}{_LETTERS[kind]}" for number, kind in self.crashes)
        return f"{self.story}:{crashes}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what ``str`` wrote, such as ``paid:12b+15a``."""
        story, _, crashes = text.partition(":")
        kinds = {letter: kind for kind, letter in _LETTERS.items()}
        each = [one for one in crashes.split("+") if one]
        return cls(story, tuple((int(one[:-1]), kinds[one[-1]]) for one in each))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan came to; ``killed`` is the function that the last crash hit.

    ``callers`` names the function behind each call, in order.
    """

    plan: CrashPlan
    killed: str
    violation: str
    callers: tuple[str, ...]


def outcome_of(plan: CrashPlan) -> Outcome:
    """Play *plan*; `RuntimeError` when a crash of it never happened."""
    result = plan.play()
    if result.injected != len(plan.crashes):
        raise RuntimeError(f"{plan}: {result.injected} crashes happened")
    world = result.world
    callers = tuple(world.callers[: world.settled_calls or None])  # looking back is not the story
    killed = callers[plan.crashes[-1][0] - 1] if plan.crashes else ""
    violation = "" if result.violation is None else str(result.violation)
    return Outcome(plan, killed, violation, callers)


def single_plans(story: str) -> list[CrashPlan]:
    """Return a plan for every call of the story and either side of it."""
    calls = len(outcome_of(CrashPlan(story)).callers)
    return [
        CrashPlan(story, ((number, kind),)) for number in range(1, calls + 1) for kind in CRASHES
    ]


def double_plans(first: Outcome, *, anywhere: bool = False) -> Iterator[CrashPlan]:
    """Yield every second crash after that of *first*: of the same function, or of any."""
    ((number, _),) = first.plan.crashes
    for later in range(number + 1, len(first.callers) + 1):
        if anywhere or first.callers[later - 1] == first.killed:
            for kind in CRASHES:
                yield CrashPlan(first.plan.story, (*first.plan.crashes, (later, kind)))
