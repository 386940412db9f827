"""Rebuilding from events: folding, and events of older schema versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from shared.kernel.event_sourced import EventSourcedAggregate
from shared.kernel.events import DomainEvent, EventContext, EventEnvelope
from shared.platform.dynamodb.event_stream import EventStream, UnreadableEvent
from shared.platform.events.upcasts import UPCASTS, upcast

T0 = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(DomainEvent):
    type: ClassVar[str] = "counted"
    schema_version: ClassVar[int] = 3

    by: int
    unit: str


class Counter(EventSourcedAggregate):
    aggregate_type: ClassVar[str] = "Counter"

    def __init__(self, id: str, *, version: int = 0) -> None:
        super().__init__(id, version=version)
        self.total = 0
        self.last: datetime | None = None

    def count(self, by: int, at: datetime) -> None:
        self._happen(Counted(by=by, unit="piece"), at)

    def _apply(self, event: DomainEvent, at: datetime) -> None:
        assert isinstance(event, Counted)
        self.total += event.by
        self.last = at


def envelope(schema_version: int, data: Mapping[str, Any], kind: str = "counted") -> EventEnvelope:
    return EventEnvelope(
        id="event-1",
        type=kind,
        schema_version=schema_version,
        aggregate_type="Counter",
        aggregate_id="counter-1",
        version=1,
        occurred_at=T0,
        context=EventContext(),
        data=data,
    )


STREAM = EventStream([Counted])


@pytest.fixture(autouse=True)
def _steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(UPCASTS, ("counted", 1), lambda data: {"by": data["amount"]})
    monkeypatch.setitem(UPCASTS, ("counted", 2), lambda data: {**data, "unit": "piece"})


def test_an_event_takes_effect_when_it_is_recorded() -> None:
    counter = Counter("counter-1")
    counter.count(2, T0)
    counter.count(3, T0)
    assert (counter.total, counter.version, counter.committed_version) == (5, 2, 0)


@pytest.mark.row("EVT-06")
def test_a_rebuilt_aggregate_goes_on_where_its_events_end() -> None:
    counter = Counter.rebuild("counter-1", [(Counted(by=2, unit="piece"), T0)] * 3)
    assert (counter.total, counter.last) == (6, T0)
    assert (counter.version, counter.committed_version, counter.pending_events) == (3, 3, ())
    counter.count(1, T0)
    assert (counter.version, counter.committed_version) == (4, 3)


@pytest.mark.row("EVT-07")
@pytest.mark.parametrize(
    ("schema_version", "data"),
    [(1, {"amount": 7}), (2, {"by": 7}), (3, {"by": 7, "unit": "piece"})],
)
def test_events_of_every_version_are_read_as_todays(
    schema_version: int, data: Mapping[str, Any]
) -> None:
    assert STREAM.decode(upcast(envelope(schema_version, data))) == Counted(by=7, unit="piece")


@pytest.mark.row("EVT-07")
@pytest.mark.parametrize(
    "unreadable",
    [envelope(4, {}), envelope(1, {}, kind="forgotten")],
    ids=["from the future", "unknown"],
)
def test_an_event_nobody_can_read_stops_the_reading(unreadable: EventEnvelope) -> None:
    with pytest.raises(UnreadableEvent):
        STREAM.decode(upcast(unreadable))


def test_a_missing_step_stops_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(UPCASTS, ("counted", 2))
    with pytest.raises(UnreadableEvent, match="counted v2 is not v3"):
        STREAM.decode(upcast(envelope(1, {"amount": 1})))
