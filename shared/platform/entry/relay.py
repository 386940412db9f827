"""Stream → bus: publishes the event items that a table's transactions committed.

An event exists if and only if its state change committed, and leaves this way alone. The relay
acknowledges a batch of stream records only when the bus has taken every event in it; otherwise it
raises, Lambda delivers the batch again, and consumers ignore what they had before. What the bus
will never take the relay puts among the dead letters itself, and holds nothing up.
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
from shared.platform.entry.dead_letters import bury
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
GiveUp = Callable[[Mapping[str, Any], Exception], None]
_FOR_GOOD = frozenset({"InvalidArgument", "MalformedDetail"})
"""What the bus says of an entry that it will not take tomorrow either."""
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
        self,
        events: Any,
        bus: str,
        source: str,
        *,
        give_up: GiveUp,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take what puts an event among the dead letters by its keys: *give_up*."""
        self._give_up = give_up
        self._events = events
        self._bus = bus
        self._source = source
        self._sleep = sleep

    def publish(self, records: list[Mapping[str, Any]]) -> int:
        """Publish the event items among *records*; return how many.

        Raises `ExternalServiceError` when the bus has not taken all of them. One that can never be
        taken is given up, after all the others have been taken.
        """
        entries: dict[str, Entry] = {}
        sent: dict[str, EventEnvelope] = {}
        unfit: list[tuple[Mapping[str, Any], UnfitEvent]] = []
        keys = {}
        for record in _events(records):
            try:
                event = _event(record["dynamodb"])
                entries[event.id] = self._entry(event)
                sent[event.id], keys[event.id] = event, record["dynamodb"]["Keys"]
            except UnfitEvent as error:
                unfit.append((record["dynamodb"]["Keys"], error))
            except Exception as error:  # noqa: BLE001  # whatever it is, it must hold up nothing
                broken = UnfitEvent(f"no event in {record['dynamodb']['Keys']}: {error!r}")
                unfit.append((record["dynamodb"]["Keys"], broken))
        for batch in _batches(entries):
            for event_id, code in self._put(batch).items():
                refused = UnfitEvent(f"the bus says {code}", sent.pop(event_id))
                unfit.append((keys[event_id], refused))
        for event in sent.values():
            _say("event published", event)
        for where, why in unfit:
            _say("event cannot be sent", why.event, reason=str(why))
            metrics.add_metric("EventUnfit", MetricUnit.Count, 1)
            self._give_up(where, why)
        return len(sent)

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

    def _put(self, entries: Mapping[str, Entry]) -> Mapping[str, str]:
        """Put *entries*, by the ids of their events; return the codes of what will never do."""
        waiting, never = dict(entries), {}
        for attempt in range(MAX_ATTEMPTS):
            answer = self._events.put_events(Entries=list(waiting.values()))
            for event_id, outcome in zip([*waiting], answer["Entries"], strict=True):
                if "EventId" in outcome:
                    del waiting[event_id]
                elif outcome.get("ErrorCode") in _FOR_GOOD:
                    never[event_id] = outcome["ErrorCode"]
                    del waiting[event_id]
            if not waiting:
                return never
            metrics.add_metric("RelayRetry", MetricUnit.Count, len(waiting))
            delay = random.random() * 0.1 * 2**attempt  # noqa: S311  # full jitter
            if delay >= remaining_seconds():
                break
            self._sleep(delay)
        for entry in waiting.values():
            refused = event_from(json.loads(entry["Detail"]))
            _say("event refused by the bus", refused, attempts=attempt + 1)
        raise ExternalServiceError(f"the bus refused {len(waiting)} events")


def _event(change: Mapping[str, Any]) -> EventEnvelope:
    return envelope_of(from_item(change["NewImage"]))


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


def _batches(entries: Mapping[str, Entry]) -> Iterator[dict[str, Entry]]:
    batch: dict[str, Entry] = {}
    size = 0
    for event_id, entry in entries.items():
        weight = _size(entry)
        if batch and (len(batch) == MAX_ENTRIES or size + weight > MAX_BYTES):
            yield batch
            batch, size = {}, 0
        batch[event_id] = entry
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
    relay = Relay(client("events"), bus, f"tradewind.{known.service}", give_up=bury)

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        with lifecycle.invocation(context), tracer.provider.in_subsegment("## relay_events"):
            published = relay.publish(event["Records"])
            metrics.add_metric("EventPublished", MetricUnit.Count, published)
            return {"batchItemFailures": []}

    lifecycle.end_init()
    return handle
