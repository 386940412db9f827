"""Reads: by key, by many keys, by one query. There is no scan."""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.platform.dynamodb.codec import Item, from_item, to_item
from shared.platform.errors import DatabaseBusy, DatabaseError, NetworkError

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
    values = request.pop("ExpressionAttributeValues", {})
    limit: int | None = request.get("Limit")
    items: list[Item] = []
    start: Any = request.pop("ExclusiveStartKey", None)
    while True:
        with translated():
            answer = client.query(
                TableName=table,
                ExpressionAttributeValues=to_item(values),
                ReturnConsumedCapacity="TOTAL",
                **request,
                **({"ExclusiveStartKey": start} if start else {}),
            )
        items.extend(from_item(item) for item in answer["Items"])
        start = answer.get("LastEvaluatedKey")
        if not start or (limit is not None and len(items) >= limit):
            return items
