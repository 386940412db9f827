"""The writes a transaction is made of, each with what its failed condition means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.kernel.errors import StaleAggregate
from shared.platform.dynamodb.codec import Item, to_attribute, to_item

STATE = "STATE"
ErrorFactory = Callable[[], Exception]


def stale() -> Exception:
    """Return the error of an item that somebody else changed first."""
    return StaleAggregate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One action of a transaction.

    ``action`` is ``Put``, ``Update``, ``Delete`` or ``ConditionCheck``; ``request`` is its body
    without the table; ``refused`` makes the error to raise when its condition does not hold.
    """

    action: str
    request: Mapping[str, Any] = field(repr=False)
    refused: ErrorFactory = stale

    def for_table(self, table: str) -> dict[str, Any]:
        """Return the action as ``TransactWriteItems`` takes it."""
        return {self.action: {"TableName": table, **self.request}}


def put(
    item: Item,
    *,
    condition: str | None = "attribute_not_exists(PK)",
    values: Mapping[str, Any] | None = None,
    names: Mapping[str, str] | None = None,
    refused: ErrorFactory = stale,
) -> Write:
    """Store *item* whole; by default only where there is none yet."""
    request = {"Item": to_item(item), **_condition(condition, values, names)}
    return Write(action="Put", request=request, refused=refused)


def put_state(item: Item, *, version: int, committed_version: int) -> Write:
    """Store an aggregate's state at *version*, if the stored one is still *committed_version*."""
    stored = {**item, "SK": STATE, "version": version}
    if committed_version == 0:
        return put(stored)
    return put(
        stored,
        condition="#version = :committed",
        values={":committed": committed_version},
        names={"#version": "version"},
    )


def update(
    key: Mapping[str, str],
    expression: str,
    *,
    condition: str | None = None,
    values: Mapping[str, Any] | None = None,
    names: Mapping[str, str] | None = None,
    refused: ErrorFactory = stale,
) -> Write:
    """Change the item at *key* in place."""
    request = {
        "Key": to_item(key),
        "UpdateExpression": expression,
        **_condition(condition, values, names),
    }
    return Write(action="Update", request=request, refused=refused)


def delete(
    key: Mapping[str, str],
    *,
    condition: str | None = "attribute_exists(PK)",
    values: Mapping[str, Any] | None = None,
    names: Mapping[str, str] | None = None,
    refused: ErrorFactory = stale,
) -> Write:
    """Remove the item at *key*."""
    request = {"Key": to_item(key), **_condition(condition, values, names)}
    return Write(action="Delete", request=request, refused=refused)


def check(
    key: Mapping[str, str],
    *,
    condition: str,
    values: Mapping[str, Any] | None = None,
    names: Mapping[str, str] | None = None,
    refused: ErrorFactory = stale,
) -> Write:
    """Change nothing at *key*, but commit only if *condition* holds there."""
    request = {"Key": to_item(key), **_condition(condition, values, names)}
    return Write(action="ConditionCheck", request=request, refused=refused)


def claim(kind: str, value: str, *, owner: str, taken: ErrorFactory) -> Write:
    """Claim a unique *value* of *kind* for *owner*; *taken* is raised when it has an owner."""
    item = {"PK": f"UNIQUE#{kind}#{value}", "SK": "UNIQUE", "owner": owner}
    return put(item, refused=taken)


def release(kind: str, value: str, *, owner: str) -> Write:
    """Give up a unique value that *owner* holds."""
    return delete(
        {"PK": f"UNIQUE#{kind}#{value}", "SK": "UNIQUE"},
        condition="#owner = :owner",
        values={":owner": owner},
        names={"#owner": "owner"},
    )


def _condition(
    condition: str | None,
    values: Mapping[str, Any] | None,
    names: Mapping[str, str] | None,
) -> dict[str, Any]:
    request: dict[str, Any] = {}
    if condition:
        request["ConditionExpression"] = condition
    if values:
        request["ExpressionAttributeValues"] = {k: to_attribute(v) for k, v in values.items()}
    if names:
        request["ExpressionAttributeNames"] = dict(names)
    return request
