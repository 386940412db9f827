"""A small aggregate with a unique label, on the fake and on DynamoDB: the suite's subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from shared.kernel.aggregate import Aggregate
from shared.kernel.commands import CommandResult
from shared.kernel.errors import AlreadyExists
from shared.kernel.events import DomainEvent
from shared.kernel.unit_of_work import UnitOfWork
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.repository import DynamoRepository
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import claim, release
from tests.support.fakes.repository import InMemoryRepository
from tests.support.fakes.unit_of_work import InMemoryUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled(DomainEvent):
    type: ClassVar[str] = "jar.labelled"
    label: str
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled(DomainEvent):
    type: ClassVar[str] = "jar.filled"
    spoons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JarAnswer(CommandResult):
    jar_id: str
    spoons: int = 0


class Jar(Aggregate):
    aggregate_type = "Jar"

    def __init__(self, id: str, *, label: str = "", spoons: int = 0, version: int = 0) -> None:
        super().__init__(id, version=version)
        self.label = label
        self.spoons = spoons

    @classmethod
    def new(cls, id: str, label: str) -> "Jar":
        jar = cls(id, label=label)
        jar._record(Labelled(label=label))
        return jar

    def relabel(self, label: str) -> None:
        self._record(Labelled(label=label, before=self.label))
        self.label = label

    def fill(self, spoons: int = 1) -> None:
        self.spoons += spoons
        self._record(Filled(spoons=spoons))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Jar) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


def taken() -> Exception:
    return AlreadyExists("The label is taken.")


class Jars(Protocol):
    def get(self, aggregate_id: str) -> Jar: ...
    def find(self, aggregate_id: str) -> Jar | None: ...
    def find_all(self, aggregate_ids: list[str]) -> dict[str, Jar]: ...
    def save(self, aggregate: Jar) -> None: ...


class JarsUnitOfWork(UnitOfWork, Protocol):
    @property
    def jars(self) -> Jars: ...


class InMemoryJars(InMemoryUnitOfWork):
    @property
    def jars(self) -> InMemoryRepository[Jar]:
        return InMemoryRepository(self, Jar, claims=lambda jar: {("label", jar.label): taken})


class DynamoJarRepository(DynamoRepository[Jar]):
    aggregate_class = Jar

    def save(self, aggregate: Jar) -> None:
        super().save(aggregate)
        for event in aggregate.pending_events:
            if isinstance(event, Labelled):
                if event.before is not None:
                    self._uow.stage(release("label", event.before, owner=aggregate.id))
                self._uow.stage(claim("label", event.label, owner=aggregate.id, taken=taken))

    def to_item(self, aggregate: Jar) -> Item:
        return {"label": aggregate.label, "spoons": aggregate.spoons}

    def from_item(self, item: Mapping[str, Any]) -> Jar:
        return Jar(
            item["PK"].removeprefix("Jar#"),
            label=item["label"],
            spoons=item["spoons"],
            version=item["version"],
        )


class DynamoJars(DynamoUnitOfWork):
    @property
    def jars(self) -> DynamoJarRepository:
        return DynamoJarRepository(self)
