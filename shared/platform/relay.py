"""Stream → bus: publishes the event items that a table's transactions committed.

An event exists if and only if its state change committed, and leaves this way alone. The relay
acknowledges a batch of stream records only when the bus has taken every event in it; otherwise it
raises, Lambda delivers the batch again, and consumers ignore what they had before.
"""

from shared.platform import runtime

runtime.begin_init()

# ruff: noqa: E402  # the collector has to rest before the imports that follow
import json
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from shared.platform.aws import client
from shared.platform.bus import detail_of
from shared.platform.deadline import remaining_seconds
from shared.platform.dynamodb.codec import from_item
from shared.platform.dynamodb.events import EVENT_PREFIX, envelope_of
from shared.platform.errors import ConfigurationError, ExternalServiceError
from shared.platform.logging import get_logger
from shared.platform.metrics import meter
from shared.platform.settings import settings
from shared.platform.tracing import segment

MAX_ENTRIES = 10  # PutEvents' limits: entries and bytes in one call
MAX_BYTES = 256 * 1024
MAX_ATTEMPTS = 6
Entry = dict[str, Any]


class Relay:
    """Puts events on the bus, in the order of the stream, resending only what was refused."""

    def __init__(
        self, events: Any, bus: str, source: str, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._events = events
        self._bus = bus
        self._source = source
        self._sleep = sleep

    def publish(self, records: list[Mapping[str, Any]]) -> int:
        """Publish the event items among *records*; return how many.

        Raises `ExternalServiceError` when the bus has not taken all of them.
        """
        entries = [self._entry(record["dynamodb"]["NewImage"]) for record in _events(records)]
        for batch in _batches(entries):
            self._put(batch)
        return len(entries)

    def _entry(self, image: Mapping[str, Any]) -> Entry:
        event = envelope_of(from_item(image))
        entry: Entry = {
            "Source": self._source,
            "DetailType": event.type,
            "Detail": json.dumps(detail_of(event), ensure_ascii=False, separators=(",", ":")),
            "EventBusName": self._bus,
            "Time": event.occurred_at,
        }
        if event.context.trace:
            entry["TraceHeader"] = event.context.trace
        return entry

    def _put(self, entries: list[Entry]) -> None:
        waiting = entries
        for attempt in range(MAX_ATTEMPTS):
            answer = self._events.put_events(Entries=waiting)
            outcomes = zip(waiting, answer["Entries"], strict=True)
            waiting = [entry for entry, outcome in outcomes if "EventId" not in outcome]
            if not waiting:
                return
            meter().count("RelayRetry", len(waiting))
            delay = random.random() * 0.1 * 2**attempt  # noqa: S311  # full jitter
            if delay >= remaining_seconds():
                break
            self._sleep(delay)
        raise ExternalServiceError(f"the bus refused {len(waiting)} events")


def _events(records: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the records that are new event items: state, markers and claims are no one's news."""
    for record in records:
        is_event = record["dynamodb"]["Keys"]["SK"]["S"].startswith(EVENT_PREFIX)
        if record["eventName"] == "INSERT" and is_event:
            yield record


def _batches(entries: list[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        weight = len(entry["Detail"].encode()) + 256  # the other fields, generously
        if batch and (len(batch) == MAX_ENTRIES or size + weight > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += weight
    if batch:
        yield batch


def lambda_handler() -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """Return the Lambda handler of a service's relay."""
    known = settings()
    bus = os.environ.get("EVENT_BUS_NAME", "")
    if not bus:
        raise ConfigurationError.bad_setting("EVENT_BUS_NAME", "set")
    relay = Relay(client("events"), bus, f"tradewind.{known.service}")

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        with runtime.invocation(context), segment("relay_events"):
            published = relay.publish(event["Records"])
            if published:
                get_logger(known.service).info("events published", count=published)
            meter().count("EventPublished", published)
            return {"batchItemFailures": []}

    runtime.end_init()
    return handle
