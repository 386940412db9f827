"""Gives a message up: into the dead-letter queue, with the reason beside it.

SQS would move a message there by itself after its last delivery, but without a word of why. So
the consumer does it, at the delivery after which SQS would, or at once for what no retry can
help. Should it fail at that, or die, SQS's own policy is still there.
"""

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
    record: dict[str, Any], error: BaseException, *, consumer: str, hopeless: bool
) -> bool:
    """Put the message of an SQS *record* among the dead letters if *error* is its end.

    Tell whether it is there, and so may be acknowledged. ``False`` leaves it to be retried.
    """
    known = settings()
    if not known.dead_letter_queue_url or not (hopeless or _is_last(record, known.max_deliveries)):
        return False
    reason = masked(f"{type(error).__name__}: {error}").translate(_UNFIT)[:_MAX_REASON]
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


def _is_last(record: dict[str, Any], max_deliveries: int) -> bool:
    return int(record["attributes"]["ApproximateReceiveCount"]) >= max_deliveries
