"""The cache in a DynamoDB table: shared by all functions, without a VPC.

Entries have ``PK=CACHE#<key>``, so that generations can lie beside the data; the table's TTL
removes them, late, so the clock decides.
"""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from shared.kernel.clock import Clock, SystemClock
from shared.platform.cache.backend import CacheUnavailable
from shared.platform.dynamodb.codec import Item, to_item
from shared.platform.dynamodb.reading import batch_get, translated
from shared.platform.dynamodb.writes import Write, put
from shared.platform.runtime.errors import DatabaseError, NetworkError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_LOST = (DatabaseError, NetworkError)


class DynamoBackend:
    """Keeps entries in *table*; reads are strongly consistent. An entry has at most 400 KB."""

    name = "dynamodb"

    def __init__(
        self, client: "DynamoDBClient", table: str, *, clock: Clock | None = None
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock or SystemClock()

    def get_many(self, keys: Iterable[str], /) -> dict[str, str]:
        """Return what is there (at most 100 keys): one ``BatchGetItem``."""
        wanted = [_key(key) for key in dict.fromkeys(keys)]
        try:
            items = batch_get(self._client, self._table, wanted)
        except _LOST as error:
            raise CacheUnavailable(str(error)) from error
        now = self._now()
        return {
            item["PK"].removeprefix(_PREFIX): item["value"]
            for item in items
            if item["expires_at"] > now and isinstance(item.get("value"), str)
        }

    def set(self, key: str, value: str, /, *, ttl: float) -> None:
        """Keep *value*."""
        self._put(entry_item(key, value, expires_at=self._expiry(ttl)))

    def add(self, key: str, value: str, /, *, ttl: float) -> bool:
        """Keep *value* unless there is one that has not expired."""
        item = entry_item(key, value, expires_at=self._expiry(ttl))
        free = "attribute_not_exists(PK) OR expires_at <= :now"
        values = to_item({":now": self._now()})
        try:
            self._put(item, ConditionExpression=free, ExpressionAttributeValues=values)
        except CacheUnavailable as error:
            if "ConditionalCheckFailed" in str(error):
                return False
            raise
        return True

    def delete(self, key: str, /) -> None:
        """Forget *key*."""
        try:
            with translated():
                self._client.delete_item(TableName=self._table, Key=to_item(_key(key)))
        except _LOST as error:
            raise CacheUnavailable(str(error)) from error

    def close(self) -> None:
        """Do nothing: the client is the function's."""

    def _put(self, item: Item, **condition: Any) -> None:
        try:
            with translated():
                self._client.put_item(TableName=self._table, Item=to_item(item), **condition)
        except _LOST as error:
            raise CacheUnavailable(str(error)) from error

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _expiry(self, ttl: float) -> int:
        return self._now() + math.ceil(ttl)


_PREFIX = "CACHE#"


def entry_item(key: str, value: str, *, expires_at: int) -> Item:
    """Return the item of an entry."""
    return {**_key(key), "value": value, "expires_at": expires_at}


def entry_write(key: str, value: str, *, expires_at: int) -> Write:
    """Return the write of an entry as part of a transaction."""
    return put(entry_item(key, value, expires_at=expires_at), condition=None)


def _key(key: str) -> dict[str, str]:
    return {"PK": f"{_PREFIX}{key}", "SK": "CACHE"}
