"""An aggregate changes by recording events, and knows which of them are not stored yet."""

from dataclasses import dataclass
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.aggregate import Aggregate
from shared.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled(DomainEvent):
    type: ClassVar[str] = "jar.filled"
    spoons: int


class Jar(Aggregate):
    aggregate_type = "Jar"

    def fill(self, spoons: int) -> None:
        self._record(Filled(spoons=spoons))


def test_a_new_aggregate_has_no_version() -> None:
    jar = Jar("j-1")
    assert (jar.id, jar.version, jar.committed_version, jar.pending_events) == ("j-1", 0, 0, ())


def test_events_wait_in_the_order_they_were_recorded() -> None:
    jar = Jar("j-1")
    jar.fill(1)
    jar.fill(2)
    assert jar.pending_events == (Filled(spoons=1), Filled(spoons=2))


@given(st.integers(0, 100), st.lists(st.integers(0, 5), max_size=5))
def test_the_version_counts_every_event_ever_recorded(loaded: int, rounds: list[int]) -> None:
    jar = Jar("j-1", version=loaded)
    for recorded in rounds:
        committed = jar.version
        for spoons in range(recorded):
            jar.fill(spoons)
        assert jar.committed_version == committed
        assert jar.version == committed + recorded
        jar.mark_committed()
        assert jar.committed_version == jar.version == committed + recorded
        assert jar.pending_events == ()
    assert jar.version == loaded + sum(rounds)


def test_aggregates_share_nothing() -> None:
    full, empty = Jar("j-1"), Jar("j-2")
    full.fill(1)
    assert empty.pending_events == ()
