"""A wrong rule in the engine is noticed, and shown in a few steps."""

import operator
from collections.abc import Callable
from typing import Any

import pytest

from tests.engines.test_agreement import SEQUENCES
from tools.lab.engines.comparison import Comparison
from tools.lab.engines.differences import DIFFERENCES
from tools.lab.engines.runs import run
from tools.lab.engines.subjects import MiniStack
from tools.lab.simulation.engine import actions, expressions, index, operators, transactions
from tools.lab.simulation.engine.collection import Partition

Patch = Callable[[pytest.MonkeyPatch], None]
WITHIN = SEQUENCES
"""As many as are compared with the right rules; the last mistake is found with seed 421."""


def greater_or_equal_is_greater(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(operators._ORDERS, ">=", operator.gt)


def missing_equals_anything(patch: pytest.MonkeyPatch) -> None:
    def unequal(name: str, gets: Any) -> Any:
        left, right = gets
        if name == "<>":
            return lambda item, values: left(item, values) not in (None, right(item, values))
        return real(name, gets)

    real = operators.compared
    patch.setattr("tools.lab.simulation.engine.conditions.compared", unequal)


def only_the_first_condition_counts(patch: pytest.MonkeyPatch) -> None:
    def first_only(action: actions.Action) -> Any:
        return real(action) if action.kind != "ConditionCheck" else action.before

    real = transactions._outcome
    patch.setattr(transactions, "_outcome", first_only)


def tokens_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(transactions, "TOKEN_SECONDS", -1)


def sets_keep_what_is_deleted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("tools.lab.simulation.engine.updates.subtract", lambda before, given: before)


def an_index_keeps_what_left_it(patch: pytest.MonkeyPatch) -> None:
    def apply(self: index.Index, key: Any, row: Any) -> None:
        if row is not None:
            real(self, key, row)

    real = index.Index._apply
    patch.setattr(index.Index, "_apply", apply)


def rows_come_in_the_order_they_were_put(patch: pytest.MonkeyPatch) -> None:
    def put(self: Partition, position: Any, row: Any) -> None:
        if position not in self.rows:
            self.order.append(position)
        self.rows[position] = row

    def remove(self: Partition, position: Any) -> None:
        del self.rows[position]
        self.order.remove(position)

    patch.setattr(Partition, "put", put)
    patch.setattr(Partition, "remove", remove)


PLANTED: list[Patch] = [
    greater_or_equal_is_greater,
    missing_equals_anything,
    only_the_first_condition_counts,
    tokens_are_forgotten,
    sets_keep_what_is_deleted,
    an_index_keeps_what_left_it,
    rows_come_in_the_order_they_were_put,
]


@pytest.mark.parametrize("plant", PLANTED, ids=lambda it: it.__name__)
def test_a_wrong_rule_is_caught(plant: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "_kept", {})  # what was compiled before has the right rules
    plant(monkeypatch)
    comparison = Comparison(MiniStack(), DIFFERENCES)
    for seed in range(WITHIN):
        tally = run(comparison, MiniStack.name, [seed])
        if tally.failures:
            break
    (failure,) = tally.failures
    assert f"SEED={seed}" in failure
    steps = [line for line in failure.splitlines() if line[0].isdigit()]
    assert 1 <= len(steps) <= 4, failure
