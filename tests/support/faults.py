"""DynamoDB refusing, on demand: what no local engine does by itself."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from botocore.exceptions import ConnectionClosedError

Refusal = dict[str, Any]


class _Http(NamedTuple):
    status_code: int = 400


def cancelled(*reasons: str) -> Refusal:
    """Return a cancelled transaction, with a reason code per action (``"None"`` for no fault)."""
    return {
        "Error": {
            "Code": "TransactionCanceledException",
            "Message": f"Transaction cancelled [{', '.join(reasons)}]",
        },
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }


def refused(code: str) -> Refusal:
    """Return a refusal of the whole call, such as ``ThrottlingException``."""
    return {"Error": {"Code": code, "Message": "refused by the test"}}


@contextmanager
def refusing(
    client: Any, operation: str, refusals: Sequence[Refusal | None]
) -> Iterator[list[Refusal | None]]:
    """Answer the next calls of *operation* with *refusals* in turn; ``None`` lets one through.

    Gives the list of those still to come; once it is empty, calls go through.
    """
    waiting = list(refusals)

    def refuse(**_: Any) -> tuple[_Http, Refusal] | None:
        refusal = waiting.pop(0) if waiting else None
        return None if refusal is None else (_Http(), refusal)

    event = f"before-call.dynamodb.{operation}"
    client.meta.events.register(event, refuse)
    try:
        yield waiting
    finally:
        client.meta.events.unregister(event, refuse)


@contextmanager
def losing_answers(client: Any, operation: str) -> Iterator[None]:
    """Let calls of *operation* succeed, and lose their answers on the way back."""

    def lose(**_: Any) -> None:
        raise ConnectionClosedError(endpoint_url="http://dynamodb.test")

    event = f"after-call.dynamodb.{operation}"
    client.meta.events.register(event, lose)
    try:
        yield
    finally:
        client.meta.events.unregister(event, lose)


@contextmanager
def dropping_conditions(client: Any) -> Iterator[None]:
    """Send puts without their conditions: a planted bug that a race has to show."""

    def drop(params: dict[str, Any], **_: Any) -> None:
        for action in params["TransactItems"]:
            (request,) = action.values()
            for part in (
                "ConditionExpression",
                "ExpressionAttributeNames",
                "ExpressionAttributeValues",
            ):
                request.pop(part, None)

    event = "before-parameter-build.dynamodb.TransactWriteItems"
    client.meta.events.register(event, drop)
    try:
        yield
    finally:
        client.meta.events.unregister(event, drop)
