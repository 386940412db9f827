"""Totals that are kept, never counted: sharded counters that commit with what they count.

A counter is N items; the changes of one commit go to one of them at random, a total is one batch
read of all. With N shards a list takes N times one item's 1 000 writes a second.
"""

import random
from typing import TYPE_CHECKING

from shared.platform.dynamodb.reading import batch_get
from shared.platform.dynamodb.writes import Write, update

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DEFAULT_SHARDS = 8


class CounterChanges:
    """What one commit changes about counters: each counter once, however often it was changed.

    DynamoDB refuses a transaction that names an item twice, and two changes of one counter may
    draw the same shard.
    """

    def __init__(self) -> None:
        self._sums: dict[tuple[str, int], int] = {}

    def add(self, name: str, by: int, *, shards: int = DEFAULT_SHARDS) -> None:
        """Add *by* to counter *name*, which has *shards* items."""
        self._sums[name, shards] = self._sums.get((name, shards), 0) + by

    def writes(self) -> list[Write]:
        """Return one write for every counter that differs in the end."""
        return [_addition(name, by, shards) for (name, shards), by in self._sums.items() if by]

    def clear(self) -> None:
        """Forget the changes."""
        self._sums.clear()


def total(client: "DynamoDBClient", table: str, name: str, *, shards: int = DEFAULT_SHARDS) -> int:
    """Return counter *name*: one consistent batch read."""
    keys = [_key(name, shard) for shard in range(shards)]
    return sum(item["amount"] for item in batch_get(client, table, keys))


def _addition(name: str, by: int, shards: int) -> Write:
    shard = random.randrange(shards)  # noqa: S311  # spreads load, guards nothing
    return update(_key(name, shard), "ADD amount :by", values={":by": by})


def _key(name: str, shard: int) -> dict[str, str]:
    return {"PK": f"COUNTER#{name}#{shard}", "SK": "COUNTER"}
