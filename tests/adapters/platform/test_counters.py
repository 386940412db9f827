"""Totals that commit with what they count; on moto and DynamoDB Local."""

from contextlib import nullcontext

import pytest

from shared.kernel.errors import AlreadyExists
from shared.platform.aws.clients import dynamodb
from shared.platform.dynamodb.counters import DEFAULT_SHARDS, total
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import claim
from tests.support.aws_calls import counted_calls
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("PAG-01")


def commit(table: Table, *changes: tuple[str, int], **options: int) -> None:
    with DynamoUnitOfWork(dynamodb(), table.name) as uow:
        for name, by in changes:
            uow.count(name, by, **options)
        uow.commit()


def test_a_counter_that_nobody_touched_is_zero(table):
    assert total(dynamodb(), table.name, "products") == 0


def test_changes_add_up_over_the_shards_and_are_read_at_once(table):
    for by in [1] * 40 + [-1] * 15 + [100]:
        commit(table, ("products", by))
    commit(table, ("orders", 7))
    with counted_calls() as calls:
        assert total(dynamodb(), table.name, "products") == 125
    assert calls.dynamodb == {"BatchGetItem": 1}
    assert total(dynamodb(), table.name, "orders") == 7
    shards = [item["PK"] for item in table.items("COUNTER#products#")]
    assert 1 < len(shards) <= DEFAULT_SHARDS


def test_changes_of_one_counter_in_one_commit_become_one_write(table):
    """With one shard two writes would always meet on it, and DynamoDB refuses that."""
    commit(table, ("products", 3), ("orders", 1), ("products", -1), shards=1)
    assert total(dynamodb(), table.name, "products", shards=1) == 2
    with counted_calls() as calls:
        commit(table, ("products", 1), ("products", -1))
    assert calls.round_trips == 0
    assert total(dynamodb(), table.name, "orders", shards=1) == 1


def test_what_is_refused_or_given_up_is_not_counted(table):
    taken = claim("mnemonic", "A", owner="p-1", taken=lambda: AlreadyExists("taken"))
    uow = DynamoUnitOfWork(dynamodb(), table.name)
    for expectation in (nullcontext(), pytest.raises(AlreadyExists)):
        with uow, expectation:
            uow.stage(taken)
            uow.count("products", 1)
            uow.commit()
    with uow:
        uow.count("products", 1)
    with uow:
        uow.commit()
    assert total(dynamodb(), table.name, "products") == 1
