"""One way to look at what is stored, whichever engine stores it."""

import copy
from datetime import UTC, datetime
from typing import Any, Protocol

from shared.kernel.clock import FixedClock
from shared.kernel.events import EventEnvelope
from shared.platform.dynamodb.events import envelope_of
from tests.adapters.jars import DynamoJars, InMemoryJars, JarsUnitOfWork
from tests.support.fakes.database import Database
from tools.lab.support.tables import Table


class Store(Protocol):
    """Hands out units of work over one database, and shows what they left in it."""

    clock: FixedClock

    def uow(self) -> JarsUnitOfWork: ...
    def events(self) -> list[EventEnvelope]: ...
    def labels(self) -> dict[str, str]:
        """Return the claimed labels and their owners."""
        ...

    def snapshot(self) -> Any:
        """Return everything stored, comparable with a later snapshot."""
        ...


def a_clock() -> FixedClock:
    return FixedClock(datetime(2026, 1, 1, tzinfo=UTC))


class InMemoryStore:
    def __init__(self) -> None:
        self.clock = a_clock()
        self.database = Database()

    def uow(self) -> InMemoryJars:
        return InMemoryJars(self.database, clock=self.clock)

    def events(self) -> list[EventEnvelope]:
        return list(self.database.events)

    def labels(self) -> dict[str, str]:
        return {value: owner for (_, value), owner in self.database.unique.items()}

    def snapshot(self) -> Any:
        known = self.database
        return copy.deepcopy(
            (known.states, known.events, known.unique, known.answers, known.inbox)
        )


class DynamoStore:
    def __init__(self, table: Table) -> None:
        self.clock = a_clock()
        self.table = table

    def uow(self) -> DynamoJars:
        return DynamoJars(self.table.client, self.table.name, clock=self.clock)

    def events(self) -> list[EventEnvelope]:
        return [envelope_of(item) for item in self.table.events()]

    def labels(self) -> dict[str, str]:
        items = self.table.items("UNIQUE#label#")
        return {item["PK"].removeprefix("UNIQUE#label#"): item["owner"] for item in items}

    def snapshot(self) -> Any:
        return self.table.items()


def saved(store: Store, *jars: Any) -> None:
    """Commit *jars* in one unit of work."""
    with store.uow() as uow:
        for jar in jars:
            uow.jars.save(jar)
        uow.commit()
