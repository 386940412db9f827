"""Event-sourced aggregates are loaded by folding their stream and saved by appending to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import pytest

from shared.kernel.errors import NotFound, StaleAggregate
from shared.kernel.event_sourced import EventSourcedAggregate
from shared.kernel.events import DomainEvent
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.event_sourced import EventSourcedRepository
from shared.platform.dynamodb.event_stream import EventStream, UnreadableEvent
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.events.upcasts import UPCASTS
from tests.adapters.stores import a_clock
from tests.support.aws_calls import counted_calls
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("EVT-06")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stirred(DomainEvent):
    """Version 1 said ``{"turns": 2}``, version 2 ``{"turns": 2, "direction": "left"}``."""

    type: ClassVar[str] = "pot.stirred"
    schema_version: ClassVar[int] = 3
    half_turns: int
    direction: str


class Pot(EventSourcedAggregate):
    aggregate_type = "Pot"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.half_turns = 0
        self.times: list[datetime] = []

    def stir(self, half_turns: int, at: datetime) -> None:
        self._happen(Stirred(half_turns=half_turns, direction="right"), at)

    def _apply(self, event: DomainEvent, at: datetime) -> None:
        if isinstance(event, Stirred):
            self.half_turns += event.half_turns
            self.times.append(at)


def _add_direction(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**data, "direction": "left"}


def _count_halves(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"half_turns": data["turns"] * 2, "direction": data["direction"]}


class Pots(EventSourcedRepository[Pot]):
    aggregate_class = Pot
    stream = EventStream([Stirred])

    def save(self, pot: Pot) -> None:
        self.append(pot, {"half_turns": pot.half_turns})


class PotsUnitOfWork(DynamoUnitOfWork):
    @property
    def pots(self) -> Pots:
        return Pots(self)


@pytest.fixture(autouse=True)
def _steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(UPCASTS, ("pot.stirred", 1), _add_direction)
    monkeypatch.setitem(UPCASTS, ("pot.stirred", 2), _count_halves)


@pytest.fixture
def uow(table: Table) -> PotsUnitOfWork:
    return PotsUnitOfWork(table.client, table.name, clock=a_clock())


def stirred(uow: PotsUnitOfWork, pot: Pot, half_turns: int = 1) -> Pot:
    pot.stir(half_turns, uow.clock.now())
    with uow:
        uow.pots.save(pot)
        uow.commit()
    return pot


def stored_event(version: int, *, schema_version: int, **data: Any) -> Item:
    """An event item as some version of the code wrote it."""
    return {
        "PK": "Pot#p-1",
        "SK": f"EVENT#{version:012d}",
        "event_id": f"e-{version}",
        "type": "pot.stirred",
        "schema_version": schema_version,
        "aggregate_type": "Pot",
        "aggregate_id": "p-1",
        "version": version,
        "occurred_at": "2026-01-01T00:00:00.000Z",
        "data": data,
    }


def test_what_was_appended_is_rebuilt(uow: PotsUnitOfWork, table: Table) -> None:
    live = stirred(uow, Pot("p-1"), 3)
    stirred(uow, live, 4)
    rebuilt = uow.pots.get("p-1")
    assert vars(rebuilt) == vars(live)
    assert [event["version"] for event in table.events("Pot#p-1")] == [1, 2]
    snapshot = table.get("Pot#p-1", "STATE")
    assert snapshot == {"PK": "Pot#p-1", "SK": "STATE", "half_turns": 7, "version": 2}


def test_a_long_stream_is_one_round_trip_and_in_order(uow: PotsUnitOfWork, table: Table) -> None:
    for version in range(1, 13):
        table.put(stored_event(version, schema_version=3, half_turns=1, direction="left"))
    table.put({"PK": "Pot#p-1", "SK": "STATE", "half_turns": 0, "version": 12})
    with counted_calls() as calls:
        pot = uow.pots.get("p-1")
    assert calls.dynamodb == {"Query": 1}
    assert (pot.half_turns, pot.version) == (12, 12)


def test_no_events_is_no_aggregate(uow: PotsUnitOfWork) -> None:
    assert uow.pots.find("p-0") is None
    with pytest.raises(NotFound):
        uow.pots.get("p-0")


def test_of_two_appends_at_one_version_the_second_fails(uow: PotsUnitOfWork, table: Table) -> None:
    stirred(uow, Pot("p-1"))
    first, second = uow.pots.get("p-1"), uow.pots.get("p-1")
    stirred(uow, first)
    before = table.items()
    with pytest.raises(StaleAggregate):
        stirred(uow, second)
    assert table.items() == before


def test_appending_depends_on_the_events_not_on_the_snapshot(
    uow: PotsUnitOfWork, table: Table
) -> None:
    """A snapshot that fell behind must not let an event be overwritten."""
    stale = stirred(uow, Pot("p-1"))
    table.put(stored_event(2, schema_version=3, half_turns=5, direction="left"))
    with pytest.raises(StaleAggregate):
        stirred(uow, stale)
    assert uow.pots.get("p-1").half_turns == 6


@pytest.mark.row("EVT-07")
def test_old_events_are_upcast_step_by_step(uow: PotsUnitOfWork, table: Table) -> None:
    table.put(stored_event(1, schema_version=1, turns=2))
    table.put(stored_event(2, schema_version=2, turns=3, direction="right"))
    table.put(stored_event(3, schema_version=3, half_turns=1, direction="left"))
    assert uow.pots.get("p-1").half_turns == 4 + 6 + 1


@pytest.mark.row("EVT-07")
@pytest.mark.parametrize("unknown", [{"schema_version": 4}, {"schema_version": 0}])
def test_an_event_from_an_unknown_version_stops_the_load(
    uow: PotsUnitOfWork, table: Table, unknown: dict[str, Any]
) -> None:
    table.put(stored_event(1, **unknown, half_turns=1, direction="left"))
    with pytest.raises(UnreadableEvent, match=f"v{unknown['schema_version']}"):
        uow.pots.get("p-1")


@pytest.mark.row("EVT-07")
def test_an_unknown_event_stops_the_load(uow: PotsUnitOfWork, table: Table) -> None:
    strange = stored_event(1, schema_version=1, turns=1) | {"type": "pot.dropped"}
    table.put(strange)
    with pytest.raises(UnreadableEvent, match=r"pot\.dropped v1"):
        uow.pots.get("p-1")
