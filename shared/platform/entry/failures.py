"""Counts how often a message has failed here, in an item of the service's own table.

SQS's count of deliveries says something else: one that Lambda had to throttle, or whose function
died, is in it as well, and a message that nobody has looked at is not to be given up.
"""

from typing import Any

from shared.kernel.clock import SystemClock
from shared.platform.aws.clients import client
from shared.platform.dynamodb.codec import to_item
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger

_KEPT_SECONDS = 15 * 86_400
"""A day longer than the message."""


def count_failure(record: dict[str, Any], *, consumer: str) -> int | None:
    """Return how often the message of an SQS *record* has failed at *consumer*, now included.

    ``None`` if that cannot be told: where the table is what fails, nothing is given up for it.
    """
    known = settings()
    try:
        end = int(SystemClock().now().timestamp()) + _KEPT_SECONDS
        # Sent once: a repetition after a lost answer would count one failure twice.
        answer = client("dynamodb", attempts=1).update_item(
            TableName=known.table_name,
            Key=to_item({"PK": f"FAILURES#{consumer}#{record['messageId']}", "SK": "FAILURES"}),
            UpdateExpression="SET expires_at = :end ADD failures :one",
            ExpressionAttributeValues=to_item({":end": end, ":one": 1}),
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["failures"]["N"])
    except Exception as error:  # noqa: BLE001  # see the docstring
        get_logger(known.service).warning("could not count a failure", error=type(error).__name__)
        return None
