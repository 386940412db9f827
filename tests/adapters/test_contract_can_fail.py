"""The contract suite notices a unit of work that forgets its conditions."""

from collections.abc import Callable

import pytest

from tests.adapters import test_unit_of_work as suite
from tests.adapters.stores import DynamoStore, Store
from tests.support.faults import dropping_conditions
from tools.lab.support.tables import Table

BROKEN: list[Callable[[Store], None]] = [
    suite.test_the_second_of_two_writers_is_stale_and_writes_nothing,
    suite.test_an_id_is_created_once,
    suite.test_two_aggregates_commit_together_or_not_at_all,
    suite.test_a_unique_value_has_one_owner,
    suite.test_a_request_has_one_effect,
    suite.test_a_repetition_is_recognised_before_staleness,
    suite.test_an_event_has_one_effect_per_consumer,
    suite.test_a_refused_effect_leaves_its_event_unhandled,
]


@pytest.fixture
def engine() -> str:
    return "moto"


@pytest.mark.parametrize("promise", BROKEN, ids=lambda promise: promise.__name__)
def test_a_dropped_condition_is_noticed(promise: Callable[[Store], None], table: Table) -> None:
    with (
        dropping_conditions(table.client),
        pytest.raises((AssertionError, pytest.fail.Exception)),
    ):
        promise(DynamoStore(table))
