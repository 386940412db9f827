"""A failing run is shown with as few faults as still make it fail."""

from dataclasses import replace
from functools import partial

import pytest

from tools.lab.simulation.checks.checks import Checks
from tools.lab.simulation.shrinking import replay_command, shorten
from tools.lab.simulation.workload.play import Workload
from tools.lab.simulation.world.faults import Fault, Plan
from tools.lab.simulation.world.run import Result, run

HARSH = 30
"""Seeds among which there is one with enough faults for the planted failure."""


class FailsAtCrashes(Checks):
    """A planted failure: the run is wrong as soon as containers have died so many times."""

    def __init__(self, world, crashes):
        super().__init__(world)
        self._crashes = crashes

    def after_step(self, step):
        super().after_step(step)
        counts = self._world.faults.counts
        if counts[Fault.CRASH_BEFORE] + counts[Fault.CRASH_AFTER] >= self._crashes:
            raise AssertionError("too many have died")


def play(plan: Plan, *, crashes: int) -> Result:
    checks = partial(FailsAtCrashes, crashes=crashes)
    return run(workload=Workload, checks=checks, plan=plan)


@pytest.fixture(scope="module")
def failing() -> Result:
    """The first run that fails only after some faults that have nothing to do with it."""
    runs = (play(Plan(seed=seed), crashes=2) for seed in range(HARSH))
    return next(each for each in runs if each.violation is not None and each.injected > 4)


def test_the_shortest_prefix_of_faults_is_found(failing):
    short = shorten(failing, play=partial(play, crashes=2))
    assert short.result.violation is not None
    assert short.faults <= failing.injected
    without = play(replace(failing.plan, max_faults=short.faults - 1), crashes=2)
    assert without.violation is None


def test_a_shortened_run_begins_like_the_whole_one(failing):
    number = failing.injected // 2
    begun = play(replace(failing.plan, max_faults=number), crashes=1_000)
    whole = list(failing.trace.lines())
    same = next(
        (
            at
            for at, (one, two) in enumerate(zip(begun.trace.lines(), whole, strict=False))
            if one != two
        ),
        len(whole),
    )
    seen = sum("!!" in line for line in whole[:same])
    assert seen >= 1
    assert begun.injected == number


def test_what_to_type_names_seed_and_faults():
    assert replay_command(Plan(seed=7)) == "make sim SEED=7"
    assert replay_command(Plan(seed=7, max_faults=3)) == "make sim SEED=7 FAULTS=3"
