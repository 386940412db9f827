"""What a DynamoDB transaction writes, costs, and does when DynamoDB refuses."""

from collections.abc import Sequence

import pytest

from shared.kernel.clock import SystemClock
from shared.kernel.errors import AlreadyExists, StaleAggregate
from shared.platform.dynamodb.markers import (
    IdempotencyKeyReused,
    RequestAlreadyAnswered,
    RequestInFlight,
)
from shared.platform.dynamodb.transaction import MAX_ATTEMPTS, MAX_ITEMS, Transactor
from shared.platform.dynamodb.writes import put
from shared.platform.entry.commands import execute
from shared.platform.runtime.context import Idempotency, current, request_context
from shared.platform.runtime.deadline import MARGIN_SECONDS, deadline
from shared.platform.runtime.errors import DatabaseBusy, DatabaseError, NetworkError
from tests.adapters.jars import DynamoJars, Jar, JarAnswer
from tests.adapters.stores import DynamoStore, saved
from tests.support.aws_calls import counted_calls
from tests.support.faults import Refusal, cancelled, losing_answers, refused, refusing
from tools.lab.support.lambda_context import LambdaContext
from tools.lab.support.tables import Table

CONTENDED = cancelled("TransactionConflict", "None", "None")
BUSY = {
    "conflict": CONTENDED,
    "throttled item": cancelled("None", "ThrottlingError", "None"),
    "throttled partition": cancelled("None", "None", "ProvisionedThroughputExceeded"),
    "throttled call": refused("ThrottlingException"),
    "throttled table": refused("ProvisionedThroughputExceededException"),
    "account limit": refused("RequestLimitExceeded"),
    "same token in progress": refused("TransactionInProgressException"),
}
REQUEST = Idempotency(principal="user-1", route="POST /jars", key="key-1", fingerprint="print-1")


@pytest.fixture
def store(table: Table) -> DynamoStore:
    return DynamoStore(table)


@pytest.fixture
def pauses() -> list[float]:
    """How long each pause before another attempt would have been."""
    return []


@pytest.fixture
def uow(store: DynamoStore, pauses: list[float]) -> DynamoJars:
    """A unit of work that waits on paper only, always as long as it may."""
    client, name = store.table.client, store.table.name
    waiting = Transactor(client, name, sleep=pauses.append, jitter=lambda: 1.0)
    return DynamoJars(client, name, clock=store.clock, transactor=waiting)


@pytest.mark.row("CQR-02", "EVT-02")
def test_one_commit_writes_these_items(store: DynamoStore) -> None:
    with (
        request_context(request_id="r-1", user_id="u-1", idempotency=REQUEST),
        store.uow() as uow,
    ):
        uow.jars.save(Jar.new("j-1", "plum"))
        uow.commit(JarAnswer(jar_id="j-1"))
    by_key = {(item.pop("PK"), item.pop("SK")): item for item in store.table.items()}
    event = by_key.pop(("Jar#j-1", "EVENT#000000000001"))
    now = int(store.clock.now().timestamp())
    assert by_key == {
        ("Jar#j-1", "STATE"): {"label": "plum", "spoons": 0, "version": 1},
        ("UNIQUE#label#plum", "UNIQUE"): {"owner": "j-1"},
        ("IDEMPOTENCY#user-1#POST /jars#key-1", "IDEMPOTENCY"): {
            "fingerprint": "print-1",
            "result": {"jar_id": "j-1", "spoons": 0},
            "expires_at": now + 86_400,
        },
    }
    assert event.pop("event_id")
    assert event == {
        "type": "jar.labelled",
        "schema_version": 1,
        "aggregate_type": "Jar",
        "aggregate_id": "j-1",
        "version": 1,
        "occurred_at": "2026-01-01T00:00:00.000Z",
        "actor": "u-1",
        "request_id": "r-1",
        "correlation_id": "r-1",
        "causation_id": None,
        "trace": None,
        "data": {"label": "plum", "before": None},
    }


@pytest.mark.row("CQR-02")
def test_a_simple_command_is_two_round_trips(store: DynamoStore) -> None:
    saved(store, Jar.new("j-1", "plum"))
    with counted_calls() as calls, store.uow() as uow:
        jar = uow.jars.get("j-1")
        jar.fill()
        uow.jars.save(jar)
        uow.commit()
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}


@pytest.mark.row("CQR-02")
@pytest.mark.parametrize("refusal", BUSY.values(), ids=BUSY)
def test_contention_is_waited_out(
    store: DynamoStore, uow: DynamoJars, pauses: list[float], refusal: Refusal
) -> None:
    with refusing(store.table.client, "TransactWriteItems", [refusal] * 3), uow:
        uow.jars.save(Jar.new("j-1", "plum"))
        uow.commit()
    assert pauses == [0.01, 0.02, 0.04]
    assert [event.version for event in store.events()] == [1]


@pytest.mark.row("CQR-02")
@pytest.mark.parametrize("refusal", BUSY.values(), ids=BUSY)
def test_contention_without_end_is_neither_success_nor_duplicate(
    store: DynamoStore, uow: DynamoJars, pauses: list[float], refusal: Refusal
) -> None:
    with refusing(store.table.client, "TransactWriteItems", [refusal] * 99) as left, uow:
        uow.jars.save(Jar.new("j-1", "plum"))
        with pytest.raises(DatabaseBusy):
            uow.commit()
    assert 99 - len(left) == MAX_ATTEMPTS
    assert max(pauses) == 0.5
    assert store.snapshot() == []


@pytest.mark.row("CQR-02")
def test_pauses_are_jittered(store: DynamoStore, pauses: list[float]) -> None:
    chances = iter([0.5, 0.0, 0.25])
    client = store.table.client
    transactor = Transactor(
        client, store.table.name, sleep=pauses.append, jitter=lambda: next(chances)
    )
    with refusing(client, "TransactWriteItems", [refused("ThrottlingException")] * 3):
        transactor.send([put({"PK": "a", "SK": "b"})])
    assert pauses == [0.005, 0.0, 0.01]


@pytest.mark.row("CQR-02")
def test_no_pause_outlasts_the_deadline(
    store: DynamoStore, uow: DynamoJars, pauses: list[float]
) -> None:
    nearly_over = LambdaContext(remaining_ms=int(MARGIN_SECONDS * 1000))
    with (
        refusing(store.table.client, "TransactWriteItems", [CONTENDED] * 99) as left,
        deadline(nearly_over),
        uow,
    ):
        uow.jars.save(Jar.new("j-1", "plum"))
        with pytest.raises(DatabaseBusy):
            uow.commit()
    assert (99 - len(left), pauses) == (1, [])
    assert store.snapshot() == []


@pytest.mark.row("API-03")
def test_contention_on_its_own_record_means_the_request_is_in_flight(
    store: DynamoStore, uow: DynamoJars
) -> None:
    """Writes are: state, claim, event, idempotency record."""
    contended = cancelled("None", "None", "None", "TransactionConflict")
    with (
        refusing(store.table.client, "TransactWriteItems", [contended] * 99),
        request_context(idempotency=REQUEST),
        uow,
    ):
        uow.jars.save(Jar.new("j-1", "plum"))
        with pytest.raises(RequestInFlight):
            uow.commit(JarAnswer(jar_id="j-1"))
    assert store.snapshot() == []


@pytest.mark.row("CQR-02")
@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        (("ConditionalCheckFailed", "TransactionConflict", "None", "None"), StaleAggregate),
        (("TransactionConflict", "ConditionalCheckFailed", "None", "None"), AlreadyExists),
        (("None", "ConditionalCheckFailed", "ConditionalCheckFailed", "None"), AlreadyExists),
        (
            ("ConditionalCheckFailed", "ConditionalCheckFailed", "None", "ConditionalCheckFailed"),
            RequestAlreadyAnswered,
        ),
        (("TransactionConflict", "ItemCollectionSizeLimitExceeded", "None"), DatabaseError),
        (("ValidationError", "None", "None", "None"), DatabaseError),
        ((), DatabaseError),
    ],
)
def test_every_reason_is_looked_at(
    store: DynamoStore, uow: DynamoJars, reasons: Sequence[str], expected: type[Exception]
) -> None:
    with (
        refusing(store.table.client, "TransactWriteItems", [cancelled(*reasons)]),
        request_context(idempotency=REQUEST),
        uow,
    ):
        uow.jars.save(Jar.new("j-1", "plum"))
        with pytest.raises(expected) as raised:
            uow.commit(JarAnswer(jar_id="j-1"))
    assert type(raised.value) is expected
    assert store.snapshot() == []


@pytest.mark.row("EXC-01")
def test_an_unknown_refusal_is_a_database_error(store: DynamoStore, uow: DynamoJars) -> None:
    with refusing(store.table.client, "TransactWriteItems", [refused("AccessDenied")]), uow:
        uow.jars.save(Jar.new("j-1", "plum"))
        with pytest.raises(DatabaseError, match="AccessDenied"):
            uow.commit()


def test_a_transaction_that_is_too_large_is_not_sent(store: DynamoStore) -> None:
    writes = [put({"PK": str(n), "SK": "x"}) for n in range(MAX_ITEMS + 1)]
    with counted_calls() as calls, pytest.raises(DatabaseError, match="101 writes"):
        Transactor(store.table.client, store.table.name).send(writes)
    assert calls.round_trips == 0


def a_creation(store: DynamoStore, jar_id: str = "j-1") -> JarAnswer:
    """Create a jar, as a request with an idempotency key does."""

    def handler(label: str) -> JarAnswer:
        with store.uow() as uow:
            uow.jars.save(Jar.new(jar_id, label))
            answer = JarAnswer(jar_id=jar_id)
            uow.commit(answer)
            return answer

    return execute(handler, "plum", returns=JarAnswer)


@pytest.fixture
def _system_time(store: DynamoStore) -> None:
    """`execute` asks the system clock whether a record is still live."""
    store.clock.advance(SystemClock().now() - store.clock.now())


@pytest.mark.row("API-03")
@pytest.mark.usefixtures("_system_time")
def test_a_repeated_request_gets_the_same_answer(store: DynamoStore) -> None:
    with request_context(idempotency=REQUEST):
        first = a_creation(store)
        assert not current().replayed
    before = store.snapshot()
    with request_context(idempotency=REQUEST):
        assert a_creation(store, jar_id="j-2") == first
        assert current().replayed
    assert store.snapshot() == before


@pytest.mark.row("API-03")
@pytest.mark.usefixtures("_system_time")
def test_a_key_used_for_something_else_is_refused(store: DynamoStore) -> None:
    other = Idempotency(principal="user-1", route="POST /jars", key="key-1", fingerprint="print-2")
    with request_context(idempotency=REQUEST):
        a_creation(store)
    before = store.snapshot()
    with request_context(idempotency=other), pytest.raises(IdempotencyKeyReused):
        a_creation(store, jar_id="j-2")
    assert store.snapshot() == before


@pytest.mark.row("API-03")
@pytest.mark.usefixtures("_system_time")
def test_a_lost_answer_is_heard_by_asking_again(store: DynamoStore) -> None:
    with (
        losing_answers(store.table.client, "TransactWriteItems"),
        request_context(idempotency=REQUEST),
        pytest.raises(NetworkError),
    ):
        a_creation(store)
    with request_context(idempotency=REQUEST):
        assert a_creation(store) == JarAnswer(jar_id="j-1")
        assert current().replayed
    assert [event.version for event in store.events()] == [1]
