"""What DynamoDB refuses, as the engine says it."""

from typing import Any

Attributes = dict[str, dict[str, Any]]
"""An item, a key or expression values in DynamoDB's wire form: name → ``{"S": "…"}``."""

Reason = dict[str, Any]
"""One entry of ``CancellationReasons``: ``Code``, and where there is one ``Message``, ``Item``."""


class Refused(Exception):
    """A call that DynamoDB answers with an error; nothing was written.

    *code* is the name of the exception (``ValidationException``), *reasons* the cancellation
    reasons of a transaction, *item* the item that a failed condition was asked to return.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        reasons: list[Reason] | None = None,
        item: Attributes | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.reasons = reasons
        self.item = item


class InvalidChange(Exception):
    """An update that its item does not allow: the call fails, or cancels its transaction."""


def invalid(message: str) -> Refused:
    """Return the refusal of a request that could never succeed as it is written."""
    return Refused("ValidationException", message)


def unreadable(message: str) -> Refused:
    """Return the refusal of a request whose JSON has the wrong shape."""
    return Refused("SerializationException", message)


def no_such_table() -> Refused:
    return Refused("ResourceNotFoundException", "Requested resource not found")


def condition_failed(item: Attributes | None) -> Refused:
    """Return the refusal of a single write; *item* is the stored item when it was asked for."""
    return Refused(
        "ConditionalCheckFailedException", "The conditional request failed", item=item or None
    )


def cancelled(reasons: list[Reason]) -> Refused:
    """Return the refusal of a transaction, a reason for each of its actions."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    return Refused(
        "TransactionCanceledException",
        f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        reasons=reasons,
    )
