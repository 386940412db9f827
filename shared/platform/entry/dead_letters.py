"""Gives a message up: into the dead-letter queue, with the reason beside it.

SQS would move a message there by itself after its last delivery, but without a word of why. So
the consumer does it, when the message has failed often enough, or at once for what no retry can
help. Should it fail at that, or die, SQS's own policy is still there, after more deliveries.
"""

import json
from collections.abc import Mapping
from typing import Any

from shared.kernel.clock import SystemClock, to_iso
from shared.platform.aws.clients import client
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger
from shared.platform.telemetry.masking import masked
from shared.platform.telemetry.metrics import MetricUnit, metrics

REASON = "reason"
REDRIVES = "redrives"
"""Attributes of a message: why it was given up last, and how often it was put back since."""

_MAX_REASON = 500
_UNFIT = str.maketrans({chr(code): " " for code in range(32)})


def give_up(
    record: dict[str, Any],
    error: BaseException,
    *,
    consumer: str,
    hopeless: bool = False,
    failures: int | None = None,
) -> bool:
    """Put the message of an SQS *record* among the dead letters if *error* is its end.

    It is for what is *hopeless*, for the last of so many *failures*, and where SQS would move the
    message after this delivery, without a word. Tell whether it is there, and so may be
    acknowledged. ``False`` leaves it to be retried.
    """
    known = settings()
    last = failures is not None and failures >= known.max_failures
    last = last or _deliveries(record) >= known.max_deliveries
    if not known.dead_letter_queue_url or not (hopeless or last):
        return False
    reason = _reason(error)
    logger = get_logger(known.service)
    try:
        client("sqs").send_message(
            QueueUrl=known.dead_letter_queue_url,
            MessageBody=record["body"],
            MessageAttributes={
                **attributes_of(record),
                REASON: text(reason),
                "consumer": text(consumer),
                "given_up_at": text(to_iso(SystemClock().now())),
            },
        )
    except Exception as failing:  # noqa: BLE001  # see the module's docstring
        logger.warning("could not give a message up", error=type(failing).__name__)
        return False
    metrics.add_metric("EventGivenUp", MetricUnit.Count, 1, consumer=consumer)
    logger.error(
        "message given up", consumer=consumer, message_id=record.get("messageId"), reason=reason
    )
    return True


def bury(keys: Mapping[str, Any], error: Exception) -> None:
    """Put the *keys* (as DynamoDB has them) of an event that the bus will never take there.

    Raises if that cannot be done: then nothing may be acknowledged.
    """
    known = settings()
    client("sqs").send_message(
        QueueUrl=known.dead_letter_queue_url,
        MessageBody=json.dumps({"keys": keys}),
        MessageAttributes={
            REASON: text(_reason(error)),
            "consumer": text(f"{known.service}.relay_events"),
            "given_up_at": text(to_iso(SystemClock().now())),
        },
    )


def attributes_of(record: dict[str, Any]) -> dict[str, Any]:
    """Return the message attributes of an SQS *record* as ``SendMessage`` takes them."""
    return {
        name: {"DataType": "String", "StringValue": value["stringValue"]}
        for name, value in record.get("messageAttributes", {}).items()
        if value.get("stringValue")
    }


def attribute_of(record: dict[str, Any], name: str) -> str | None:
    """Return one message attribute of an SQS *record*, if it is there."""
    found: str | None = record.get("messageAttributes", {}).get(name, {}).get("stringValue")
    return found or None


def text(value: str) -> dict[str, str]:
    """Return *value* as a message attribute."""
    return {"DataType": "String", "StringValue": value}


def _reason(error: BaseException) -> str:
    said: str = masked(f"{type(error).__name__}: {error}")
    return said.translate(_UNFIT)[:_MAX_REASON]


def _deliveries(record: dict[str, Any]) -> int:
    return int(record["attributes"]["ApproximateReceiveCount"])
