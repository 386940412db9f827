"""Changes one stored item under the eyes of everybody else who writes it."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from shared.platform.dynamodb.codec import Item, to_item
from shared.platform.dynamodb.reading import get_item, translated
from shared.platform.migrations.migration import Migration
from shared.platform.runtime.errors import DatabaseBusy

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_ATTEMPTS = 20


def rewrite(client: "DynamoDBClient", table: str, migration: Migration, item: Item) -> bool:
    """Bring *item* into the new shape; tell whether that took a write.

    Only attributes that differ are written, and only if all that the change took away or replaced,
    and the version, are still what was read: a command in between is never undone, and the item
    it left is looked at again. An item deleted meanwhile stays deleted. `DatabaseBusy` for one
    that is never left alone.
    """
    key = {"PK": item["PK"], "SK": item["SK"]}
    current: Item | None = item
    for _ in range(MAX_ATTEMPTS):
        changed = None if current is None else migration.apply(current)
        if current is None or changed is None:
            return False
        if _written(client, table, _update(current, changed)):
            return True
        current = get_item(client, table, key)
    raise DatabaseBusy(f"{item['PK']} {item['SK']} is written all the time")


def _written(client: "DynamoDBClient", table: str, update: dict[str, Any]) -> bool:
    """Send *update*; tell whether its condition held."""
    with translated():
        try:
            client.update_item(TableName=table, **update)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
    return True


def _update(old: Item, new: Item) -> dict[str, Any]:
    """Return the update that makes *new* of *old*, on condition that *old* is still there."""
    differing = sorted(n for n in old.keys() | new.keys() if old.get(n) != new.get(n))
    guarded = [*differing, *(["version"] if "version" in old else [])]
    names = {f"#{i}": name for i, name in enumerate([*guarded, "PK"])}
    token = {name: placeholder for placeholder, name in names.items()}
    sets = [f"{token[n]} = :new{token[n][1:]}" for n in differing if n in new]
    removes = [token[n] for n in differing if n not in new]
    conditions = [
        f"{token[n]} = :old{token[n][1:]}" if n in old else f"attribute_not_exists({token[n]})"
        for n in guarded
    ]
    values = {f":new{token[n][1:]}": new[n] for n in differing if n in new}
    values |= {f":old{token[n][1:]}": old[n] for n in guarded if n in old}
    clauses = [("SET", sets), ("REMOVE", removes)]
    return {
        "Key": to_item({"PK": old["PK"], "SK": old["SK"]}),
        "UpdateExpression": " ".join(
            f"{verb} {', '.join(what)}" for verb, what in clauses if what
        ),
        "ConditionExpression": " AND ".join([*conditions, f"attribute_exists({token['PK']})"]),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": to_item(values),
    }
