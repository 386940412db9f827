"""A bounded campaign against every handler; ``make fuzz REQUESTS=100000`` is the long one."""

import sys

import pytest

from tools.lab.fuzz.cases import IN_PROCESS
from tools.lab.fuzz.report import summary, unreached, unused
from tools.lab.fuzz.runner import EPOCH, Runner, Tally

REQUESTS = 4_000


def test_no_request_breaks_a_handler_or_leaves_a_write_behind_a_refusal(rig, capsys):
    runner, tally = Runner(rig), Tally()
    for start in range(0, REQUESTS, EPOCH):
        tally.add(runner.epoch(1, range(start, start + EPOCH)))
    with capsys.disabled():
        sys.stdout.write(f"\n{' '.join(summary(tally))}\n")
    assert [str(failure) for failure in tally.failures] == []
    assert tally.requests == REQUESTS
    assert {route for route, _ in tally.statuses} == {each.name for each in runner.operations}
    assert unreached(tally, [each.name for each in runner.operations]) == []
    assert unused(tally, IN_PROCESS) == []


@pytest.mark.parametrize("number", [7, 1_234])
def test_a_case_is_the_same_whenever_it_is_made(rig, number):
    runner = Runner(rig)
    once, again = (runner._cases().case(5, number) for _ in range(2))
    assert (once.names, once.operation) == (again.names, again.operation)
    assert once.base.headers == again.base.headers
