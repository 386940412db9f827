"""Stream → bus: publishes the event items that a table's transactions committed.

An event exists if and only if its state change committed, and leaves this way alone. The relay
acknowledges a batch of stream records only when the bus has taken every event in it; otherwise it
raises, Lambda delivers the batch again, and consumers ignore what they had before.
"""

from shared.platform.entry import lifecycle

lifecycle.begin_init()

# ruff: noqa: E402  # the garbage collector pauses during the imports that follow
import json
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from shared.kernel.events import EventEnvelope, Upcast
from shared.platform.aws.clients import client
from shared.platform.dynamodb.codec import from_item
from shared.platform.dynamodb.events import EVENT_PREFIX, envelope_of
from shared.platform.events.bus import detail_of, event_from
from shared.platform.events.upcasts import register
from shared.platform.runtime.context import current, ids_of, within
from shared.platform.runtime.deadline import remaining_seconds
from shared.platform.runtime.errors import ConfigurationError, ExternalServiceError
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger
from shared.platform.telemetry.metrics import MetricUnit, metrics
from shared.platform.telemetry.tracing import is_sound, tracer

MAX_ENTRIES = 10  # PutEvents' limits: entries and bytes in one call
MAX_BYTES = 256 * 1024
MAX_ATTEMPTS = 6
Entry = dict[str, Any]
_NO_STEPS: Mapping[tuple[str, int], Upcast] = MappingProxyType({})


class UnfitEvent(ExternalServiceError):
    """The bus will never take this event: it is too large, or no event in our form.

    *event* is it, if it is one.
    """

    def __init__(self, message: str, event: EventEnvelope | None = None) -> None:
        super().__init__(message)
        self.event = event


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

        Raises `ExternalServiceError` when the bus has not taken all of them, and `UnfitEvent`
        when one can never be taken, after all the others have been: Lambda bisects the batch
        until that one is alone, and after its attempts puts it in the dead-letter queue.
        """
        entries: list[Entry] = []
        sent: list[EventEnvelope] = []
        unfit: list[UnfitEvent] = []
        for record in _events(records):
            try:
                event = _event(record["dynamodb"])
                entries.append(self._entry(event))
                sent.append(event)
            except UnfitEvent as error:
                _say("event cannot be sent", error.event, reason=str(error))
                unfit.append(error)
        for batch in _batches(entries):
            self._put(batch)
        for event in sent:
            _say("event published", event)
        if unfit:
            metrics.add_metric("EventUnfit", MetricUnit.Count, len(unfit))
            raise unfit[0]
        return len(entries)

    def _entry(self, event: EventEnvelope) -> Entry:
        entry: Entry = {
            "Source": self._source,
            "DetailType": event.type,
            "Detail": json.dumps(detail_of(event), ensure_ascii=False, separators=(",", ":")),
            "EventBusName": self._bus,
            "Time": event.occurred_at,
        }
        size = _size(entry)
        if size > MAX_BYTES:
            said = f"{event.type} {event.id} has {size} bytes; {MAX_BYTES} are allowed"
            raise UnfitEvent(said, event)
        if is_sound(event.context.trace):
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
            metrics.add_metric("RelayRetry", MetricUnit.Count, len(waiting))
            delay = random.random() * 0.1 * 2**attempt  # noqa: S311  # full jitter
            if delay >= remaining_seconds():
                break
            self._sleep(delay)
        for entry in waiting:
            refused = event_from(json.loads(entry["Detail"]))
            _say("event refused by the bus", refused, attempts=attempt + 1)
        raise ExternalServiceError(f"the bus refused {len(waiting)} events")


def _event(change: Mapping[str, Any]) -> EventEnvelope:
    try:
        return envelope_of(from_item(change["NewImage"]))
    except (KeyError, TypeError, ValueError) as error:
        raise UnfitEvent(f"no event in {change['Keys']}: {error!r}") from error


def _say(message: str, event: EventEnvelope | None, **fields: Any) -> None:
    """Write a line with the ids of *event*: an error if there are *fields* to it."""
    logger = get_logger(settings().service)
    say = logger.error if fields else logger.info
    if event is None:
        say(message, **fields)
        return
    story = event.context
    with within(
        current(), correlation_id=story.correlation_id, trace=story.trace, about=ids_of(event)
    ):
        say(message, **fields)


def _events(records: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the records that are new event items: state, markers and claims are no events."""
    for record in records:
        is_event = record["dynamodb"]["Keys"]["SK"]["S"].startswith(EVENT_PREFIX)
        if record["eventName"] == "INSERT" and is_event:
            yield record


def _size(entry: Entry) -> int:
    """Return the bytes of *entry* as EventBridge's user guide counts them."""
    return 14 + sum(len(entry[name].encode()) for name in ("Source", "DetailType", "Detail"))


def _batches(entries: list[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        weight = _size(entry)
        if batch and (len(batch) == MAX_ENTRIES or size + weight > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += weight
    if batch:
        yield batch


def lambda_handler(
    upcasts: Mapping[tuple[str, int], Upcast] = _NO_STEPS,
) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """Return the Lambda handler of a service's relay; *upcasts* are the steps of its events."""
    register(upcasts)
    known = settings()
    bus = os.environ.get("EVENT_BUS_NAME", "")
    if not bus:
        raise ConfigurationError.bad_setting("EVENT_BUS_NAME", "set")
    relay = Relay(client("events"), bus, f"tradewind.{known.service}")

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        with lifecycle.invocation(context), tracer.provider.in_subsegment("## relay_events"):
            published = relay.publish(event["Records"])
            metrics.add_metric("EventPublished", MetricUnit.Count, published)
            return {"batchItemFailures": []}

    lifecycle.end_init()
    return handle
