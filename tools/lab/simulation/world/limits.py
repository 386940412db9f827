"""What a batch of SQS or EventBridge may hold: entries, and bytes as UTF-8.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tools.lab.simulation.world.calls import Call

MOST_ENTRIES = 10
MOST_BYTES = 262_144
_TIME_BYTES = 14
_SQS = "AWS.SimpleQueueService."


def refuse_events(call: "Call") -> None:
    """Raise what the bus answers to entries that are too many, or too large together."""
    entries = call.params["Entries"]
    if not 1 <= len(entries) <= MOST_ENTRIES:
        raise call.error("ValidationException", f"{len(entries)} entries; 1 to {MOST_ENTRIES}")
    if sum(map(event_size, entries)) > MOST_BYTES:
        said = "Total size of the entries in the request is over the limit."
        raise call.error("ValidationException", said)


def refuse_messages(call: "Call") -> None:
    """Raise what a queue answers to a message, or a batch of them, that it does not take."""
    entries = call.params.get("Entries")
    if entries is None:
        if message_size(call.params) > MOST_BYTES:
            raise call.error("InvalidParameterValue", "Message must be shorter than 262144 bytes.")
        return
    names = [entry["Id"] for entry in entries]
    if not entries:
        raise call.error(f"{_SQS}EmptyBatchRequest", "no entries")
    if len(entries) > MOST_ENTRIES:
        raise call.error(f"{_SQS}TooManyEntriesInBatchRequest", f"{len(entries)} entries")
    if len(set(names)) < len(names):
        raise call.error(f"{_SQS}BatchEntryIdsNotDistinct", f"{names}")
    if sum(message_size(entry) for entry in entries if "MessageBody" in entry) > MOST_BYTES:
        raise call.error(f"{_SQS}BatchRequestTooLong", "Batch requests cannot be longer")


def event_size(entry: Mapping[str, Any]) -> int:
    """Return the bytes of an entry as EventBridge counts them."""
    texts = (entry.get(name, "") for name in ("Source", "DetailType", "Detail"))
    return sum(map(_bytes, texts)) + _time(entry.get("Time")) + _all(entry.get("Resources", ()))


def message_size(message: Mapping[str, Any]) -> int:
    """Return the bytes of a message: its body, and its attributes' names, types and values."""
    attributes = message.get("MessageAttributes", {})
    texts = (
        _bytes(name) + _bytes(value["DataType"]) + _bytes(value["StringValue"])
        for name, value in attributes.items()
    )
    return _bytes(message["MessageBody"]) + sum(texts)


def _bytes(text: str) -> int:
    return len(text.encode())


def _all(texts: Sequence[str]) -> int:
    return sum(map(_bytes, texts))


def _time(given: str | datetime | None) -> int:
    return 0 if given is None else _TIME_BYTES
