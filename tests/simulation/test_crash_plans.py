"""Every container dies once at every call, before it and after it, and nothing is lost."""

import pytest

from shared.catalog.domain.rule_book import BusinessRuleAdded, RuleBook
from tools.lab.simulation.checks.checks import Checks
from tools.lab.simulation.exhaustive import plans
from tools.lab.simulation.exhaustive.enumeration import (
    Depth,
    Enumerated,
    enumerate_plans,
    play_plans,
)
from tools.lab.simulation.exhaustive.plans import CrashPlan, double_plans, outcome_of, single_plans
from tools.lab.simulation.exhaustive.stories import STORIES
from tools.lab.simulation.reporting import say, show_enumerated
from tools.lab.simulation.world.faults import Fault
from tools.lab.simulation.world.templates import deployed

FLAGS = {"operations.publish_flags", "operations.relay_events"}
"""They carry what became of a flag, and nobody sets one here: AppConfig is not in the world."""
SILENT = {"customers.relay_events"} | FLAGS
"""Relays of contexts that publish nothing yet, or nothing here."""


@pytest.fixture(scope="module")
def found() -> Enumerated:
    """All single-crash plans of all stories."""
    return enumerate_plans(Depth.SINGLE)


def test_no_single_crash_breaks_a_promise(found):
    say(f"{found.single.total()} single-crash plans of {len(STORIES)} stories")
    assert found.violations == {}
    assert found.single.total() >= 600


def test_every_command_was_killed(found):
    commands = {each.function for each in deployed().routes if each.method not in ("GET", "HEAD")}
    assert len(commands) >= 7
    told = commands - {"operations.set_flag"}
    assert [name for name in sorted(told) if found.single[name] < 2] == []


def test_every_consumer_was_killed(found):
    consumers = {each.consumer for each in deployed().subscriptions}
    assert len(consumers) >= 9
    assert [name for name in sorted(consumers - FLAGS) if found.single[name] < 2] == []


def test_every_relay_of_the_saga_was_killed(found):
    relays = {each.function for each in deployed().streams} - SILENT
    assert len(relays) >= 6
    assert [name for name in sorted(relays) if found.single[name] < 2] == []


def test_a_second_crash_of_the_same_function_breaks_no_promise():
    (first,) = [
        plan
        for plan in single_plans("paid-without-an-answer")
        if outcome_of(plan).killed == "payments.process_payment"
    ][2:3]
    seconds = [outcome_of(plan) for plan in double_plans(outcome_of(first))]
    assert len(seconds) >= 4
    assert {each.killed for each in seconds} == {"payments.process_payment"}
    assert [each.violation for each in seconds if each.violation] == []


class AlwaysBroken(Checks):
    """A planted failure."""

    def at_quiescence(self):
        raise AssertionError("planted")


def test_a_broken_promise_is_found_with_the_plan_that_broke_it(monkeypatch):
    monkeypatch.setattr(plans, "Checks", AlwaysBroken)
    plan = CrashPlan("kept", ((1, Fault.CRASH_AFTER),))
    found = play_plans([plan], Depth.SINGLE)
    assert found.violations == {"kept:1a": "planted"}
    assert found.plans == 1
    assert show_enumerated(found, seconds=0.0) == 1


def test_nothing_enumerated_is_a_failure():
    assert show_enumerated(Enumerated(), seconds=0.0) == 1


def test_a_plan_is_written_as_it_is_read():
    plan = CrashPlan("paid", ((12, Fault.CRASH_BEFORE), (15, Fault.CRASH_AFTER)))
    assert str(plan) == "paid:12b+15a"
    assert CrashPlan.read("paid:12b+15a") == plan


def test_a_crash_that_never_comes_is_an_error():
    with pytest.raises(RuntimeError, match="0 crashes happened"):
        outcome_of(CrashPlan("paid", ((10_000, Fault.CRASH_BEFORE),)))


def test_a_rule_that_another_one_pushes_out_is_missed(monkeypatch):
    def add(book, rule, *, at, evaluate):
        book.rules = (rule,)
        book._record(BusinessRuleAdded(rule=rule.to_data()))

    monkeypatch.setattr(RuleBook, "add", add)
    outcome = outcome_of(CrashPlan("ruled", ((1, Fault.CRASH_AFTER),)))
    assert outcome.violation.startswith("read models: equal a rebuild from events: RuleBook#")
