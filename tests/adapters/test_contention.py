"""Two hundred transactions that all want the same few items, on DynamoDB Local."""

from collections import Counter
from typing import Any

import pytest

from shared.kernel.errors import StaleAggregate
from shared.platform.dynamodb.transaction import Transactor
from shared.platform.dynamodb.writes import put, update
from shared.platform.entry.commands import execute
from shared.platform.runtime.context import Idempotency, request_context
from tests.adapters.jars import Jar, JarAnswer
from tests.adapters.stores import DynamoStore
from tests.adapters.test_races import RACERS, engine, store
from tests.support.faults import dropping_conditions
from tests.support.racing import race
from tools.lab.support.tables import Table

__all__ = ["engine", "store"]  # fixtures: a race is run on DynamoDB Local only
THREADS, EACH = 20, 10
SHELVES, UNITS = 4, 12


def shelf(number: int) -> dict[str, str]:
    return {"PK": f"Shelf#{number % SHELVES}", "SK": "STATE"}


def fill_shelves(table: Table) -> None:
    for number in range(SHELVES):
        table.put({**shelf(number), "units": UNITS})


def units(table: Table) -> list[int]:
    return [item["units"] for item in table.states("Shelf#")]


def move(table: Table, origin: int, target: int, note: str) -> None:
    """Take one unit from a shelf, put it on another and write that down, all or nothing."""
    one: dict[str, Any] = {"values": {":one": 1}}
    Transactor(table.client, table.name).send(
        [
            update(shelf(origin), "SET units = units - :one", condition="units >= :one", **one),
            update(shelf(target), "SET units = units + :one", **one),
            put({"PK": f"Move#{note}", "SK": "MOVE", "origin": origin % SHELVES}),
        ]
    )


def moves(table: Table, thread: int) -> Counter[str]:
    """Move units round in a direction that empties one shelf again and again."""
    outcomes: Counter[str] = Counter()
    for number in range(EACH):
        try:
            move(table, origin=number % 3, target=3, note=f"{thread}-{number}")
        except StaleAggregate:
            outcomes["refused"] += 1
        else:
            outcomes["moved"] += 1
    return outcomes


@pytest.mark.row("CQR-02")
def test_two_hundred_contended_transactions_lose_and_double_nothing(table: Table) -> None:
    fill_shelves(table)
    outcomes = race(THREADS, lambda thread: moves(table, thread))
    total = sum((it for it in outcomes if isinstance(it, Counter)), Counter())
    assert total.total() == THREADS * EACH == 200
    assert total["moved"] == len(table.items("Move#")) == 3 * UNITS
    assert units(table) == [0, 0, 0, SHELVES * UNITS]


def test_without_conditions_the_shelves_would_go_below_zero(table: Table) -> None:
    fill_shelves(table)

    def drop(params: dict[str, Any], **_: Any) -> None:
        for action in params["TransactItems"]:
            (request,) = action.values()
            request.pop("ConditionExpression", None)

    table.client.meta.events.register("before-parameter-build.dynamodb.TransactWriteItems", drop)
    race(THREADS, lambda thread: moves(table, thread))
    assert min(units(table)) < 0


def test_a_read_and_a_write_apart_would_lose_moves(table: Table) -> None:
    """What a transaction with an update in place spares: the sum shows the lost updates."""
    fill_shelves(table)

    def careless(_: int) -> None:
        for _again in range(EACH):
            found = table.get(shelf(0)["PK"], "STATE")
            assert found is not None
            table.put({**found, "units": found["units"] + 1})

    race(THREADS, careless)
    assert units(table)[0] < UNITS + THREADS * EACH


@pytest.mark.row("API-03")
def test_without_conditions_a_request_sent_thirty_times_would_have_many_effects(
    store: DynamoStore,
) -> None:
    """The race over one idempotency key can fail: its record is claimed by a condition."""

    def send(number: int) -> JarAnswer:
        def handler(label: str) -> JarAnswer:
            with store.uow() as uow:
                uow.jars.save(Jar.new(f"j-{number}", f"{label}-{number}"))
                answer = JarAnswer(jar_id=f"j-{number}")
                uow.commit(answer)
                return answer

        request = Idempotency(
            principal="user-1", route="POST /jars", key="key-1", fingerprint="print-1"
        )
        with request_context(idempotency=request):
            return execute(handler, "plum", returns=JarAnswer)

    with dropping_conditions(store.table.client):
        race(RACERS, send)
    assert len(store.table.states("Jar#")) > 1
