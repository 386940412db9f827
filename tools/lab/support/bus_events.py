"""Events as they travel: table stream → EventBridge → SQS, in the shapes AWS gives them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from shared.kernel.ids import new_id
from shared.platform.dynamodb.codec import Item, to_item


def detail(
    event_type: str,
    data: Mapping[str, Any],
    *,
    aggregate_type: str,
    aggregate_id: str,
    version: int = 1,
    **known: Any,
) -> dict[str, Any]:
    """Return an event as our bus carries it; *known* replaces any of the remaining fields."""
    event_id = new_id()
    return {
        "id": event_id,
        "type": event_type,
        "schema_version": 1,
        "aggregate": {"type": aggregate_type, "id": aggregate_id, "version": version},
        "occurred_at": "2026-01-01T00:00:00.000Z",
        "actor": None,
        "request_id": "request-1",
        "correlation_id": "correlation-1",
        "causation_id": None,
        "data": dict(data),
    } | known


def bus_event(detail: Mapping[str, Any], *, source: str) -> dict[str, Any]:
    """Return what an EventBridge rule delivers; *source* is the context, as in ``orders``."""
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": detail["type"],
        "source": f"tradewind.{source}",
        "account": "000000000000",
        "time": "2026-01-01T00:00:00Z",
        "region": "eu-west-1",
        "resources": [],
        "detail": dict(detail),
    }


def sqs_batch(
    *bodies: Mapping[str, Any] | str, receive_count: int = 1, queue: str = "queue"
) -> dict[str, Any]:
    """Return the batch of a queue between bus and function; a ``str`` body is sent as it is."""
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": f"receipt-{number}",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {
                    "ApproximateReceiveCount": str(receive_count),
                    "SentTimestamp": "1767225600000",
                    "SenderId": "sender",
                    "ApproximateFirstReceiveTimestamp": "1767225600000",
                },
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:eu-west-1:000000000000:{queue}",
                "awsRegion": "eu-west-1",
            }
            for number, body in enumerate(bodies, start=1)
        ]
    }


def stream_batch(
    items: Sequence[Item], *, event_name: str = "INSERT", table: str = "table"
) -> dict[str, Any]:
    """Return the batch of a table's stream: one NEW_IMAGE record for each of *items*."""
    return {
        "Records": [
            {
                "eventID": f"{number:032x}",
                "eventName": event_name,
                "eventVersion": "1.1",
                "eventSource": "aws:dynamodb",
                "awsRegion": "eu-west-1",
                "dynamodb": {
                    "ApproximateCreationDateTime": 1_767_225_600,
                    "Keys": to_item({"PK": item["PK"], "SK": item["SK"]}),
                    "NewImage": to_item(item),
                    "SequenceNumber": f"{number:021d}",
                    "SizeBytes": len(str(item)),
                    "StreamViewType": "NEW_IMAGE",
                },
                "eventSourceARN": (
                    f"arn:aws:dynamodb:eu-west-1:000000000000:table/{table}"
                    "/stream/2026-01-01T00:00:00.000"
                ),
            }
            for number, item in enumerate(items, start=1)
        ]
    }


def failed_ids(response: Mapping[str, Any]) -> list[str]:
    """Return the identifiers a batch consumer reported as failed."""
    return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]
