"""Every unit of work keeps the same promises: the fake, moto and DynamoDB Local alike."""

from datetime import timedelta

import pytest

from shared.kernel.errors import AlreadyExists, NotFound, StaleAggregate
from shared.platform.dynamodb.markers import EventAlreadyHandled, RequestAlreadyAnswered
from shared.platform.runtime.context import Idempotency, Inbox, request_context
from shared.platform.runtime.settings import settings
from tests.adapters.jars import Jar, JarAnswer, JarsUnitOfWork
from tests.adapters.stores import DynamoStore, InMemoryStore, Store, saved
from tests.support.tiers import DYNAMODB_LOCAL

pytestmark = pytest.mark.row("CQR-02")
repository = pytest.mark.row("CQR-03")
uniqueness = pytest.mark.row("VAL-04")
idempotency = pytest.mark.row("API-03")
inbox = pytest.mark.row("EVT-04")
ANSWER = JarAnswer(jar_id="j-1")


@pytest.fixture(params=["in_memory", "moto", DYNAMODB_LOCAL])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def store(engine: str, request: pytest.FixtureRequest) -> Store:
    if engine == "in_memory":
        return InMemoryStore()
    return DynamoStore(request.getfixturevalue("table"))


def a_request(key: str = "key-1", **other: str) -> Idempotency:
    known = {"principal": "user-1", "route": "POST /jars", "fingerprint": "print-1"} | other
    return Idempotency(key=key, **known)


@repository
def test_what_is_saved_is_loaded(store: Store) -> None:
    jar = Jar.new("j-1", "plum")
    jar.fill(3)
    saved(store, jar)
    loaded = store.uow().jars.get("j-1")
    assert (loaded.label, loaded.spoons, loaded.version, loaded.pending_events) == (
        "plum",
        3,
        2,
        (),
    )
    assert store.uow().jars.find("j-1") == loaded == jar
    assert store.uow().jars.find_all(["j-0", "j-1", "j-1"]) == {"j-1": loaded}


@repository
def test_what_is_not_there_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound) as refused:
        store.uow().jars.get("j-0")
    assert refused.value.details["id"] == "j-0"
    assert store.uow().jars.find("j-0") is None
    assert store.uow().jars.find_all([]) == {}


def test_events_commit_with_the_state_and_their_circumstances(store: Store) -> None:
    jar = Jar.new("j-1", "plum")
    jar.fill(3)
    with request_context(
        request_id="r-1", correlation_id="c-1", causation_id="e-0", user_id="u-1", trace="Root=1"
    ):
        saved(store, jar)
    labelled, filled = store.events()
    assert (labelled.type, labelled.version, labelled.data["label"]) == ("jar.labelled", 1, "plum")
    assert (filled.type, filled.version, filled.data) == ("jar.filled", 2, {"spoons": 3})
    assert labelled.id != filled.id
    for event in (labelled, filled):
        assert (event.aggregate_type, event.aggregate_id) == ("Jar", "j-1")
        assert event.schema_version == 1
        assert event.occurred_at == store.clock.now()
        known = event.context
        assert (known.actor, known.request_id, known.correlation_id) == ("u-1", "r-1", "c-1")
        assert (known.causation_id, known.trace) == ("e-0", "Root=1")


def test_events_continue_the_stream(store: Store) -> None:
    saved(store, Jar.new("j-1", "plum"))
    with store.uow() as uow:
        jar = uow.jars.get("j-1")
        for _ in range(2):
            jar.fill()
            uow.jars.save(jar)
            uow.commit()
            assert jar.pending_events == ()
    assert [event.version for event in store.events()] == [1, 2, 3]
    assert store.uow().jars.get("j-1").spoons == 2


def test_uncommitted_work_is_dropped(store: Store) -> None:
    uow = store.uow()
    with uow:
        uow.jars.save(Jar.new("j-1", "plum"))
    with pytest.raises(RuntimeError, match="crash"):
        _crash_before_the_commit(uow)
    uow.commit()
    assert store.uow().jars.find("j-1") is None
    assert store.events() == []
    assert store.labels() == {}


def _crash_before_the_commit(uow: JarsUnitOfWork) -> None:
    with uow:
        uow.jars.save(Jar.new("j-1", "plum"))
        raise RuntimeError("crash")


def test_nothing_happened_writes_nothing(store: Store) -> None:
    saved(store, Jar.new("j-1", "plum"))
    before = store.snapshot()
    with store.uow() as uow:
        uow.jars.save(uow.jars.get("j-1"))
        uow.commit()
    assert store.snapshot() == before


def test_the_second_of_two_writers_is_stale_and_writes_nothing(store: Store) -> None:
    saved(store, Jar.new("j-1", "plum"))
    first, second = store.uow(), store.uow()
    mine, theirs = first.jars.get("j-1"), second.jars.get("j-1")
    mine.fill(1)
    theirs.fill(10)
    theirs.relabel("fig")
    first.jars.save(mine)
    first.commit()
    before = store.snapshot()
    second.jars.save(theirs)
    with pytest.raises(StaleAggregate):
        second.commit()
    assert store.snapshot() == before
    assert store.uow().jars.get("j-1").spoons == 1


def test_an_id_is_created_once(store: Store) -> None:
    saved(store, Jar.new("j-1", "plum"))
    before = store.snapshot()
    with pytest.raises(StaleAggregate):
        saved(store, Jar.new("j-1", "fig"))
    assert store.snapshot() == before


def test_two_aggregates_commit_together_or_not_at_all(store: Store) -> None:
    saved(store, Jar.new("j-1", "plum"), Jar.new("j-2", "fig"))
    with store.uow() as uow:
        one, other = uow.jars.get("j-1"), uow.jars.get("j-2")
        one.fill()
        other.fill()
        uow.jars.save(one)
        uow.jars.save(other)
        saved(store, filled(store, "j-2"))
        before = store.snapshot()
        with pytest.raises(StaleAggregate):
            uow.commit()
    assert store.snapshot() == before
    assert store.uow().jars.get("j-1").spoons == 0


def filled(store: Store, jar_id: str) -> Jar:
    jar = store.uow().jars.get(jar_id)
    jar.fill()
    return jar


@uniqueness
def test_a_unique_value_has_one_owner(store: Store) -> None:
    saved(store, Jar.new("j-1", "plum"))
    before = store.snapshot()
    with request_context(idempotency=a_request()), store.uow() as uow:
        uow.jars.save(Jar.new("j-2", "plum"))
        with pytest.raises(AlreadyExists, match="label is taken"):
            uow.commit(ANSWER)
    assert store.snapshot() == before
    assert store.labels() == {"plum": "j-1"}


@uniqueness
def test_a_released_value_is_free_again(store: Store) -> None:
    saved(store, Jar.new("j-1", "plum"))
    with store.uow() as uow:
        jar = uow.jars.get("j-1")
        jar.relabel("fig")
        uow.jars.save(jar)
        uow.commit()
    saved(store, Jar.new("j-2", "plum"))
    assert store.labels() == {"fig": "j-1", "plum": "j-2"}


def fill(store: Store, request: Idempotency | None = None, inbox: Inbox | None = None) -> None:
    """Fill jar j-1 by one spoon, as the effect of a request or an event."""
    with request_context(idempotency=request, inbox=inbox), store.uow() as uow:
        jar = uow.jars.get("j-1")
        jar.fill()
        uow.jars.save(jar)
        uow.commit(JarAnswer(jar_id="j-1", spoons=jar.spoons))


def spoons(store: Store) -> int:
    return store.uow().jars.get("j-1").spoons


@idempotency
def test_a_request_has_one_effect(store: Store) -> None:
    saved(store, Jar.new("j-1", "plum"))
    fill(store, a_request())
    before = store.snapshot()
    for repeated in (a_request(), a_request(fingerprint="another body")):
        with pytest.raises(RequestAlreadyAnswered):
            fill(store, repeated)
    assert store.snapshot() == before
    assert spoons(store) == 1


@idempotency
@pytest.mark.parametrize("other", ["key", "principal", "route"])
def test_keys_belong_to_a_principal_and_a_route(store: Store, other: str) -> None:
    saved(store, Jar.new("j-1", "plum"))
    fill(store, a_request())
    fill(store, a_request(**{other: "another"}))
    assert spoons(store) == 2


@idempotency
def test_a_request_is_remembered_for_its_time(store: Store) -> None:
    """Checked by the clock: expired items may still be in the table."""
    saved(store, Jar.new("j-1", "plum"))
    fill(store, a_request())
    store.clock.advance(timedelta(seconds=settings().idempotency_ttl_seconds - 1))
    with pytest.raises(RequestAlreadyAnswered):
        fill(store, a_request())
    store.clock.advance(timedelta(seconds=1))
    fill(store, a_request())
    assert spoons(store) == 2


@idempotency
def test_a_commit_without_an_answer_remembers_nothing(store: Store) -> None:
    with request_context(idempotency=a_request()):
        saved(store, Jar.new("j-1", "plum"))
    fill(store, a_request())
    assert spoons(store) == 1


@idempotency
def test_a_repetition_is_recognised_before_staleness(store: Store) -> None:
    """A repeated creation must hear its answer, not that the id exists."""
    for attempt in range(2):
        with request_context(idempotency=a_request()), store.uow() as uow:
            uow.jars.save(Jar.new("j-1", "plum"))
            if attempt == 0:
                uow.commit(ANSWER)
            else:
                with pytest.raises(RequestAlreadyAnswered):
                    uow.commit(ANSWER)


@inbox
def test_an_event_has_one_effect_per_consumer(store: Store) -> None:
    saved(store, Jar.new("j-1", "plum"))
    fill(store, inbox=Inbox(consumer="filler", event_id="e-1"))
    before = store.snapshot()
    with pytest.raises(EventAlreadyHandled):
        fill(store, inbox=Inbox(consumer="filler", event_id="e-1"))
    assert store.snapshot() == before
    fill(store, inbox=Inbox(consumer="filler", event_id="e-2"))
    fill(store, inbox=Inbox(consumer="topper", event_id="e-1"))
    assert spoons(store) == 3


@inbox
def test_an_event_without_an_effect_is_handled_too(store: Store) -> None:
    for attempt in range(2):
        with request_context(inbox=Inbox(consumer="filler", event_id="e-1")), store.uow() as uow:
            if attempt == 0:
                uow.commit()
            else:
                with pytest.raises(EventAlreadyHandled):
                    uow.commit()


@inbox
def test_a_refused_effect_leaves_its_event_unhandled(store: Store) -> None:
    saved(store, Jar.new("j-1", "plum"))
    event = Inbox(consumer="filler", event_id="e-1")
    with store.uow() as uow:
        jar = filled(store, "j-1")
        saved(store, filled(store, "j-1"))
        uow.jars.save(jar)
        with request_context(inbox=event), pytest.raises(StaleAggregate):
            uow.commit()
    fill(store, inbox=event)
    assert spoons(store) == 2


@inbox
def test_a_checkpoint_commits_and_leaves_its_event_unhandled(store: Store) -> None:
    with request_context(inbox=Inbox(consumer="c", event_id="e-1")):
        with store.uow() as uow:
            jar = Jar.new("j-1", "plum")
            uow.jars.save(jar)
            uow.checkpoint()
            assert store.uow().jars.get("j-1").version == 1
            jar.fill(3)
            uow.jars.save(jar)
            uow.commit()
        assert store.uow().jars.get("j-1").spoons == 3
        with pytest.raises(EventAlreadyHandled), store.uow() as uow:
            uow.commit()


@inbox
def test_of_two_that_set_out_at_once_one_passes_its_checkpoint(store: Store) -> None:
    with store.uow() as one, store.uow() as two:
        one.jars.save(Jar.new("j-1", "plum"))
        two.jars.save(Jar.new("j-1", "fig"))
        one.checkpoint()
        with pytest.raises(StaleAggregate):
            two.checkpoint()
