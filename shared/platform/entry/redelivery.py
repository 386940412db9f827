"""Exponential back-off between the deliveries of a message that failed."""

import random
from math import ceil
from typing import Any

from shared.platform.aws.clients import client
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger

BASE_SECONDS = 2
MAX_SECONDS = 900
HOPELESS_SECONDS = 1
"""Between deliveries of what no retry can help: it is to reach the dead-letter queue soon."""


def delay_after(failures: int) -> int:
    """Return the seconds until the next delivery: 2, 4, 8 … at most 15 minutes, ± 25 % jitter."""
    delay: int = min(MAX_SECONDS, BASE_SECONDS * 2 ** (failures - 1))
    return max(1, round(delay * random.uniform(0.75, 1.25)))  # noqa: S311  # spreads load


def postpone(
    record: dict[str, Any],
    *,
    failures: int | None = None,
    hopeless: bool = False,
    seconds: float | None = None,
) -> None:
    """Hide the message of an SQS *record* for its back-off after *failures*, or for *seconds*.

    One that is *hopeless* is hidden only shortly. Where nobody has counted the failures, SQS has
    the deliveries. Failing at that is no harm: the queue's own visibility time-out delivers it
    again.
    """
    try:
        if hopeless:
            seconds = HOPELESS_SECONDS
        if seconds is None:
            count = failures or int(record["attributes"]["ApproximateReceiveCount"])
            seconds = delay_after(count)
        sqs = client("sqs")
        _, _, _, _, account, name = record["eventSourceARN"].split(":")
        url = sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
        sqs.change_message_visibility(
            QueueUrl=url,
            ReceiptHandle=record["receiptHandle"],
            VisibilityTimeout=min(MAX_SECONDS, ceil(seconds)),
        )
    except Exception as error:  # noqa: BLE001  # see the docstring
        get_logger(settings().service).warning(
            "could not postpone a message", error=type(error).__name__
        )
