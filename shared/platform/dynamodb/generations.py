"""Generations of a read model: it is rebuilt from zero beside itself, and then takes over.

One item per model says which generation readers see and which one is being built. A projector
writes live events to both, a rebuild writes the past to the new one alone; a model whose facts add
up in any order, once or twice, then ends the same as one that was there from the start.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.platform.dynamodb.reading import batch_get, get_item
from shared.platform.dynamodb.transaction import Transactor
from shared.platform.dynamodb.writes import put, stale

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

    from shared.platform.dynamodb.codec import Item

    KeysOf = Callable[[str], "list[dict[str, str]]"]
    """The keys that are wanted of a generation."""

FIRST = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generations:
    """Which generation is shown, and which is being built, if any."""

    active: str = FIRST
    building: str | None = None

    @property
    def written(self) -> tuple[str, ...]:
        """The generations that live events are written to."""
        return (self.active,) if self.building is None else (self.active, self.building)


class ReadModel:
    """The generations of the read model *name* in one table."""

    def __init__(self, client: "DynamoDBClient", table: str, name: str) -> None:
        self._client = client
        self._table = table
        self._key = {"PK": f"READMODEL#{name}", "SK": "GENERATIONS"}
        self._latest = Generations()

    def generations(self) -> Generations:
        """Return how it stands now: one consistent read."""
        self._latest = _of(get_item(self._client, self._table, self._key))
        return self._latest

    def read(self, keys_of: "KeysOf") -> "tuple[Generations, list[Item]]":
        """Return the generations and what is stored at the keys of those that are written.

        One consistent batch read; two when a generation has begun or ended since the last one.
        """
        while True:
            guess = self._latest
            keys = [key for generation in guess.written for key in keys_of(generation)]
            items = batch_get(self._client, self._table, [self._key, *keys])
            pointer = next((item for item in items if item["PK"] == self._key["PK"]), None)
            self._latest = _of(pointer)
            if self._latest == guess:
                return guess, [item for item in items if item is not pointer]

    def begin(self, generation: str) -> None:
        """Have live events written to *generation* too, from now on; it must be empty.

        Raises `StaleAggregate` where another one is being built.
        """
        known = self.generations()
        self._store(known, Generations(active=known.active, building=generation), among=(None,))

    def finish(self, generation: str) -> str:
        """Show *generation* and return the one before, whose items can go.

        Raises `StaleAggregate` where it is not the one being built.
        """
        known = self.generations()
        self._store(known, Generations(active=generation), among=(generation,))
        return known.active

    def abandon(self) -> str | None:
        """Stop building; return the generation that was being built, whose items can go."""
        known = self.generations()
        self._store(known, Generations(active=known.active), among=(known.building,))
        return known.building

    def _store(
        self, known: Generations, wanted: Generations, *, among: tuple[str | None, ...]
    ) -> None:
        if known.building not in among:
            raise stale()
        item = {**self._key, "active": wanted.active, "building": wanted.building}
        write = put(
            item,
            condition="attribute_not_exists(PK) OR (active = :active AND building = :building)",
            values={":active": known.active, ":building": known.building},
        )
        Transactor(self._client, self._table).send([write])


def _of(item: "Mapping[str, str | None] | None") -> Generations:
    if item is None:
        return Generations()
    return Generations(active=item["active"] or FIRST, building=item["building"])
