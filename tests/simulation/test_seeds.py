"""Seven hundred seeds: whatever crashes, races, is lost or comes twice, every promise is kept.

As many as a mutant is hunted for: none needs more than the first 546 to be found. ``make
check-full`` plays ten thousand, and `make seeds` all that a release is asked for.
"""

import json

import pytest

from tests.support.sizes import size
from tools.check.project import ROOT
from tools.lab.simulation import trying
from tools.lab.simulation.campaign import Tally, campaign, run_seeds
from tools.lab.simulation.checks.checks import Checks
from tools.lab.simulation.reporting import explained, say, show_tally
from tools.lab.simulation.workload.absent import ABSENT, functions_of, unaccounted
from tools.lab.simulation.world.faults import Fault
from tools.lab.simulation.world.templates import deployed

SEEDS = size(700, full=10_000)
LEAST = 100
"""How often each kind of fault has to have happened."""
LEAST_RUNS = 20
"""How often each function of the saga has to have run."""

_FEW = {Fault.UNPROCESSED_ITEMS: 1, Fault.PARTIAL_BATCH: 1}
"""Faults of batches that operators' tools alone make, and these work in few runs."""

_MONEY_AND_GOODS = ("orders", "inventory", "payments", "notifications")


class AlwaysBroken(Checks):
    """A planted failure."""

    def at_quiescence(self):
        raise AssertionError("planted")


def test_a_broken_promise_is_found_with_its_seed(monkeypatch, capsys):
    monkeypatch.setattr(trying, "Checks", AlwaysBroken)
    found = run_seeds(range(4, 6))
    assert found.violations == {4: "planted", 5: "planted"}
    show_tally(found, seconds=0.0)
    assert "VIOLATION with seed 4: planted" in capsys.readouterr().out
    explanation = explained(4)
    assert "replay: make sim SEED=4 FAULTS=0" in explanation


@pytest.fixture(scope="module")
def tally() -> Tally:
    """What the seeds came to."""
    return campaign(range(SEEDS))


def test_no_seed_breaks_a_promise(tally):
    say(f"{tally.seeds} seeds, {tally.steps} steps, {tally.injected} faults")
    for seed in sorted(tally.violations)[:1]:
        pytest.fail(explained(seed), pytrace=False)
    assert tally.seeds == SEEDS


@pytest.mark.parametrize("seed", [42_713, 69_487])
def test_a_call_that_waits_long_for_its_turn_is_slow(seed):
    """The limiter gives up on it and refuses: a 503 that has its reason."""
    assert run_seeds([seed]).violations == {}


@pytest.mark.parametrize("kind", list(Fault), ids=lambda kind: kind.name.lower())
def test_every_kind_of_fault_was_injected(tally, kind):
    assert tally.faults[str(kind)] >= _FEW.get(kind, LEAST)


def test_every_function_that_handles_money_and_goods_ran(tally):
    functions = [
        name
        for name, spec in deployed().functions.items()
        if spec.context in _MONEY_AND_GOODS
        and name not in ABSENT
        and not name.endswith(".unmatched")
    ]
    assert len(functions) >= 20
    assert [name for name in functions if tally.functions[name] < LEAST_RUNS] == []


def test_every_deployed_function_ran_or_has_a_reason_not_to(tally):
    assert unaccounted(functions_of(ROOT), tally.functions) == set()


@pytest.mark.parametrize(
    ("function", "ran"),
    [("orders.new", ()), ("identity.get_user", ("identity.get_user",))],
    ids=["never runs", "runs in spite of its reason"],
)
def test_a_function_without_a_part_and_a_reason_without_cause_are_seen(function, ran):
    there = {*functions_of(ROOT), function}
    assert unaccounted(there, (there - ABSENT.keys() - {"orders.new"}) | {*ran}) == {function}


def test_what_goes_on_the_bus_is_handled_by_everybody_who_subscribed(tally):
    consumers = {each.consumer for each in deployed().subscriptions}
    assert len(consumers) >= 9
    assert [name for name in sorted(consumers) if not tally.functions[name]] == []


def test_the_summary_says_what_was_done(tally, tmp_path):
    tally.write(tmp_path / "build" / "summary.json")
    summary = json.loads((tmp_path / "build" / "summary.json").read_text())
    assert summary["seeds"] == SEEDS
    assert summary["violations"] == {}
    assert sum(summary["calls"].values()) > 100 * SEEDS
    assert set(summary["faults"]) == {str(kind) for kind in Fault}
