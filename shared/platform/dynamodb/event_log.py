"""A table's event items as a log: one aggregate's, or everything in a span of time.

For operations and rebuilds only. The span is read by scanning the table in parallel segments,
because events have no key by time (ADR 14); no request path may do that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.kernel.clock import to_iso
from shared.kernel.events import EventEnvelope
from shared.platform.dynamodb.codec import from_item, to_item
from shared.platform.dynamodb.events import EVENT_PREFIX, EVENTS_OF, envelope_of, partition
from shared.platform.dynamodb.reading import translated
from shared.platform.telemetry.tracing import tracer

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Key = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """Events, upcast; those of one aggregate in their order. ``next`` is where to go on."""

    events: list[EventEnvelope]
    next: Key | None
    looked_at: int
    """Items read for it, events or not: what it cost, and how far the segment has got."""


class EventLog:
    """Reads the event items of one table, a page (1 MB) at a time."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def stream(
        self, aggregate_type: str, aggregate_id: str, *, start: Key | None = None
    ) -> LogPage:
        """Return a page of one aggregate's events, oldest first."""
        request = {
            "KeyConditionExpression": EVENTS_OF,
            "ExpressionAttributeValues": to_item(
                {":pk": partition(aggregate_type, aggregate_id), ":events": EVENT_PREFIX}
            ),
            "ConsistentRead": True,
        }
        with tracer.provider.in_subsegment("## events.stream"), translated():
            return _page(self._client.query(**self._common(start), **request))  # type: ignore[arg-type]

    def scan(
        self,
        *,
        since: datetime,
        until: datetime,
        segment: int = 0,
        segments: int = 1,
        start: Key | None = None,
    ) -> LogPage:
        """Return a page of one segment's events that occurred from *since* to before *until*.

        An aggregate's events lie in one segment and come in their order; nothing else is ordered.
        The read is strongly consistent: what was committed a moment ago, and went to a consumer
        before its rebuild began, a copy that is behind would leave out for ever.
        """
        request = {
            "FilterExpression": "begins_with(SK, :events) AND occurred_at >= :since"
            " AND occurred_at < :until",
            "ExpressionAttributeValues": to_item(
                {":events": EVENT_PREFIX, ":since": to_iso(since), ":until": to_iso(until)}
            ),
            "Segment": segment,
            "TotalSegments": segments,
            "ConsistentRead": True,
        }
        with tracer.provider.in_subsegment("## events.scan"), translated():
            return _page(self._client.scan(**self._common(start), **request))  # type: ignore[arg-type]

    def _common(self, start: Key | None) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "ReturnConsumedCapacity": "TOTAL",
            **({"ExclusiveStartKey": to_item(start)} if start else {}),
        }


def _page(answer: Any) -> LogPage:
    last = answer.get("LastEvaluatedKey")
    return LogPage(
        events=[envelope_of(from_item(item)) for item in answer["Items"]],
        next=from_item(last) if last else None,
        looked_at=answer["ScannedCount"],
    )
