"""Promises that only concurrency can break, on the one local engine with real transactions."""

from collections import Counter

import pytest

from shared.kernel.clock import SystemClock
from shared.kernel.errors import AlreadyExists, StaleAggregate
from shared.platform.dynamodb.markers import EventAlreadyHandled
from shared.platform.entry.commands import execute, retrying
from shared.platform.runtime.context import Idempotency, Inbox, request_context
from tests.adapters.jars import Jar, JarAnswer
from tests.adapters.stores import DynamoStore, saved
from tests.support.faults import dropping_conditions
from tests.support.racing import race
from tools.lab.support.tables import Table

RACERS = 30


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """Moto oversells under threads."""
    return "dynamodb_local"


@pytest.fixture
def store(table: Table) -> DynamoStore:
    store = DynamoStore(table)
    store.clock.advance(SystemClock().now() - store.clock.now())
    return store


def kinds(outcomes: list[object]) -> dict[str, int]:
    return dict(Counter(type(outcome).__name__ for outcome in outcomes))


@pytest.mark.row("API-03", "CQR-02")
def test_thirty_copies_of_a_request_have_one_effect(store: DynamoStore) -> None:
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

    outcomes = race(RACERS, send)
    (jar,) = store.table.states("Jar#")
    assert len(store.events()) == len(store.labels()) == 1
    assert outcomes == [JarAnswer(jar_id=jar["PK"].removeprefix("Jar#"))] * RACERS


@pytest.mark.row("VAL-04", "CQR-02")
def test_thirty_claims_of_a_unique_value_have_one_winner(store: DynamoStore) -> None:
    outcomes = race(RACERS, lambda number: saved(store, Jar.new(f"j-{number}", "plum")))
    assert kinds([*outcomes]) == {"NoneType": 1, AlreadyExists.__name__: RACERS - 1}
    winner = outcomes.index(None)
    assert store.labels() == {"plum": f"j-{winner}"}
    assert [event.aggregate_id for event in store.events()] == [f"j-{winner}"]
    assert len(store.table.states()) == 1


@pytest.mark.row("EVT-04", "CQR-02")
def test_thirty_deliveries_of_an_event_have_one_effect(store: DynamoStore) -> None:
    saved(store, Jar.new("j-1", "plum"))

    def deliver(_: int) -> None:
        with request_context(inbox=Inbox(consumer="filler", event_id="e-1")):
            retrying(lambda: fill(store))

    outcomes = race(RACERS, deliver)
    assert kinds([*outcomes]) == {"NoneType": 1, EventAlreadyHandled.__name__: RACERS - 1}
    assert store.uow().jars.get("j-1").spoons == 1


@pytest.mark.row("CQR-02")
def test_no_update_is_lost_among_writers_of_one_aggregate(store: DynamoStore) -> None:
    """Whoever heard that it worked is counted; whoever gave up changed nothing."""
    saved(store, Jar.new("j-1", "plum"))
    outcomes = race(10, lambda _: retrying(lambda: fill(store)))
    counted = kinds([*outcomes])
    assert set(counted) <= {"NoneType", StaleAggregate.__name__}
    jar = store.uow().jars.get("j-1")
    assert jar.spoons == counted["NoneType"] >= 1
    assert [event.version for event in store.events()] == list(range(1, jar.version + 1))


def test_a_missing_condition_would_show(store: DynamoStore) -> None:
    """Without conditions the races above have many winners: they can fail."""
    with dropping_conditions(store.table.client):
        outcomes = race(RACERS, lambda number: saved(store, Jar.new(f"j-{number}", "plum")))
        assert kinds([*outcomes]) == {"NoneType": RACERS}
        copies = [filled(store, "j-0") for _ in range(10)]
        race(10, lambda number: saved(store, copies[number]))
    assert store.uow().jars.get("j-0").spoons == 1


def fill(store: DynamoStore) -> None:
    saved(store, filled(store, "j-1"))


def filled(store: DynamoStore, jar_id: str) -> Jar:
    jar = store.uow().jars.get(jar_id)
    jar.fill()
    return jar
