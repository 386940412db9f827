"""Reads: by key, by many keys, by one query. There is no scan."""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.platform.dynamodb.codec import Item, from_item, to_item
from shared.platform.runtime.errors import DatabaseBusy, DatabaseError, NetworkError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

_BATCH = 100  # DynamoDB's limit on the keys of one BatchGetItem
_MAX_ROUNDS = 8
_BUSY = (
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "InternalServerError",
    "ServiceUnavailable",
)


@contextmanager
def translated() -> "Iterator[None]":
    """Turn botocore's errors into ours."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in _BUSY:
            raise DatabaseBusy(f"DynamoDB: {error}") from error
        raise DatabaseError(f"DynamoDB: {error}") from error
    except BotoCoreError as error:
        raise NetworkError(f"DynamoDB: {error}") from error


def get_item(
    client: "DynamoDBClient", table: str, key: Mapping[str, str], *, consistent: bool = True
) -> Item | None:
    """Return the item at *key*, or ``None``: one ``GetItem``, strongly consistent by default."""
    with translated():
        answer = client.get_item(
            TableName=table,
            Key=to_item(key),
            ConsistentRead=consistent,
            ReturnConsumedCapacity="TOTAL",
        )
    item = answer.get("Item")
    return None if item is None else from_item(item)


def batch_get(
    client: "DynamoDBClient", table: str, keys: Sequence[Mapping[str, str]]
) -> list[Item]:
    """Return the items that exist at *keys* (at most 100), in no order, strongly consistent.

    Keys that DynamoDB left unprocessed are asked for again; `DatabaseBusy` when that never ends.
    """
    if len(keys) > _BATCH:
        msg = f"{len(keys)} keys in one batch; DynamoDB allows {_BATCH}"
        raise DatabaseError(msg)
    if not keys:
        return []
    request: Any = {table: {"Keys": [to_item(key) for key in keys], "ConsistentRead": True}}
    items: list[Item] = []
    for _ in range(_MAX_ROUNDS):
        with translated():
            answer = client.batch_get_item(RequestItems=request, ReturnConsumedCapacity="TOTAL")
        items.extend(from_item(item) for item in answer["Responses"].get(table, []))
        request = answer.get("UnprocessedKeys")
        if not request:
            return items
    raise DatabaseBusy(f"{table} left keys unprocessed")


def query(client: "DynamoDBClient", table: str, **request: Any) -> list[Item]:
    """Return every item of one key condition, following 1 MB pages; bounded by ``Limit``.

    *request* are the parameters of ``Query``, values as plain Python.
    """
    limit: int | None = request.get("Limit")
    items: list[Item] = []
    while True:
        found, start = query_once(client, table, **request)
        items.extend(found)
        if start is None or (limit is not None and len(items) >= limit):
            return items
        request["ExclusiveStartKey"] = start


def query_once(
    client: "DynamoDBClient", table: str, **request: Any
) -> tuple[list[Item], Item | None]:
    """Send one ``Query``; return its items, and the key it stopped at unless it saw the end.

    *request* are its parameters, values and ``ExclusiveStartKey`` as plain Python.
    """
    request["ExpressionAttributeValues"] = to_item(request.get("ExpressionAttributeValues", {}))
    if start := request.pop("ExclusiveStartKey", None):
        request["ExclusiveStartKey"] = to_item(start)
    with translated():
        answer = client.query(TableName=table, ReturnConsumedCapacity="TOTAL", **request)
    stopped = answer.get("LastEvaluatedKey")
    items = [from_item(item) for item in answer["Items"]]
    return items, from_item(stopped) if stopped else None
