"""Totals that are kept, never counted: sharded counters that commit with what they count.

A counter is N items; a change goes to one of them at random, a total is one batch read of all.
With N shards a list takes N times one item's 1 000 writes a second.
"""

import random
from typing import TYPE_CHECKING

from shared.platform.dynamodb.reading import batch_get
from shared.platform.dynamodb.writes import Write, update

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DEFAULT_SHARDS = 8


def add_to_counter(name: str, by: int, *, shards: int = DEFAULT_SHARDS) -> Write:
    """Return the write that adds *by* to counter *name*; stage it in the unit of work.

    Once per commit and counter: a second one may meet the same shard, which DynamoDB refuses.
    """
    shard = random.randrange(shards)  # noqa: S311  # spreads load, guards nothing
    return update(_key(name, shard), "ADD amount :by", values={":by": by})


def total(client: "DynamoDBClient", table: str, name: str, *, shards: int = DEFAULT_SHARDS) -> int:
    """Return counter *name*: one consistent batch read."""
    keys = [_key(name, shard) for shard in range(shards)]
    return sum(item["amount"] for item in batch_get(client, table, keys))


def _key(name: str, shard: int) -> dict[str, str]:
    return {"PK": f"COUNTER#{name}#{shard}", "SK": "COUNTER"}
