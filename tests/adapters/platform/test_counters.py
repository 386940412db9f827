"""Totals that commit with what they count; on moto and DynamoDB Local."""

import pytest

from shared.kernel.errors import AlreadyExists
from shared.platform.aws import dynamodb
from shared.platform.dynamodb.counters import DEFAULT_SHARDS, add_to_counter, total
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import claim
from tests.support.aws_calls import counted_calls
from tests.support.tables import Table

pytestmark = pytest.mark.row("PAG-01")


def commit(table: Table, *writes) -> None:
    with DynamoUnitOfWork(dynamodb(), table.name) as uow:
        for write in writes:
            uow.stage(write)
        uow.commit()


def test_a_counter_that_nobody_touched_is_zero(table):
    assert total(dynamodb(), table.name, "products") == 0


def test_changes_add_up_over_the_shards_and_are_read_at_once(table):
    for by in [1] * 40 + [-1] * 15 + [100]:
        commit(table, add_to_counter("products", by))
    commit(table, add_to_counter("orders", 7))
    with counted_calls() as calls:
        assert total(dynamodb(), table.name, "products") == 125
    assert calls.dynamodb == {"BatchGetItem": 1}
    assert total(dynamodb(), table.name, "orders") == 7
    shards = [item["PK"] for item in table.items("COUNTER#products#")]
    assert 1 < len(shards) <= DEFAULT_SHARDS


def test_what_is_refused_is_not_counted(table):
    taken = claim("mnemonic", "A", owner="p-1", taken=lambda: AlreadyExists("taken"))
    commit(table, taken, add_to_counter("products", 1))
    with pytest.raises(AlreadyExists):
        commit(table, taken, add_to_counter("products", 1))
    assert total(dynamodb(), table.name, "products") == 1
