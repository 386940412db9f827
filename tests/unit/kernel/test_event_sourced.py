"""An event-sourced aggregate is what its events make of it, live or rebuilt."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import BusinessRuleViolation
from shared.kernel.event_sourced import EventSourcedAggregate
from shared.kernel.events import DomainEvent

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poured(DomainEvent):
    type: ClassVar[str] = "glass.poured"
    drops: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptied(DomainEvent):
    type: ClassVar[str] = "glass.emptied"


class Glass(EventSourcedAggregate):
    aggregate_type = "Glass"

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.drops = 0
        self.emptied_at: datetime | None = None

    def pour(self, drops: int, at: datetime) -> None:
        if self.drops + drops > 10:
            raise BusinessRuleViolation("The glass would run over.")
        self._happen(Poured(drops=drops), at)

    def empty(self, at: datetime) -> None:
        self._happen(Emptied(), at)

    def _apply(self, event: DomainEvent, at: datetime) -> None:
        match event:
            case Poured(drops=drops):
                self.drops += drops
            case Emptied():
                self.drops = 0
                self.emptied_at = at


@given(st.lists(st.integers(0, 10)))
def test_rebuilt_and_live_are_the_same(moves: list[int]) -> None:
    live, history = Glass("g-1"), []
    for minute, drops in enumerate(moves):
        at = NOON + timedelta(minutes=minute)
        before = len(live.pending_events)
        if live.drops + drops > 10:
            live.empty(at)
        else:
            live.pour(drops, at)
        history += [(event, at) for event in live.pending_events[before:]]
    rebuilt = Glass.rebuild("g-1", history)
    live.mark_committed()
    assert vars(rebuilt) == vars(live)
    assert rebuilt.version == rebuilt.committed_version == len(moves)
    assert rebuilt.pending_events == ()


def test_a_refused_change_leaves_no_trace() -> None:
    glass = Glass("g-1")
    glass.pour(9, NOON)
    with pytest.raises(BusinessRuleViolation):
        glass.pour(2, NOON)
    assert (glass.drops, glass.pending_events) == (9, (Poured(drops=9),))


def test_a_rebuilt_aggregate_goes_on_from_its_version() -> None:
    glass = Glass.rebuild("g-1", [(Poured(drops=3), NOON)])
    glass.empty(NOON)
    assert (glass.committed_version, glass.version, glass.drops) == (1, 2, 0)
    assert glass.pending_events == (Emptied(),)


def test_an_aggregate_has_to_say_what_its_events_do() -> None:
    with pytest.raises(NotImplementedError):
        EventSourcedAggregate.rebuild("x-1", [(Emptied(), NOON)])
