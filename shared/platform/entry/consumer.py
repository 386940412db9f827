"""One consumer = one Lambda function behind one SQS queue, fed by one rule of the bus.

    consumer = Consumer(wiring, "reserve_stock")

    @consumer.on("order.placed")
    def reserve(event: EventEnvelope) -> None:
        get_service(ReserveStockHandler)(on_order_placed(event))

    handler = consumer.lambda_handler()

A message is acknowledged when its effect and its inbox marker have committed together, or had
before. Any other outcome leaves it on the queue, later each time, until the dead-letter queue;
what no retry can help goes there at once. Its reason goes with it.

A message that is replayed has no second effect: the inbox knows its event. Only a consumer that
is ``rebuildable`` (it keeps a read model) takes it again, once in each rebuild, which has a name.
"""

from shared.platform.entry import lifecycle

lifecycle.begin_init()

# ruff: noqa: E402  # the garbage collector pauses during the imports that follow
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

from shared.kernel.clock import SystemClock
from shared.kernel.errors import NotYet
from shared.kernel.events import EventEnvelope
from shared.platform.dynamodb.markers import EventAlreadyHandled
from shared.platform.entry.commands import retrying
from shared.platform.entry.dead_letters import REDRIVES, attribute_of, give_up
from shared.platform.entry.failures import count_failure
from shared.platform.entry.redelivery import postpone
from shared.platform.entry.reporting import report
from shared.platform.events.bus import MalformedEvent, event_from
from shared.platform.runtime.context import (
    Inbox,
    RequestContext,
    ids_of,
    note_ids,
    request_context,
    within,
)
from shared.platform.runtime.deadline import alarm
from shared.platform.runtime.errors import DeadlineExceeded
from shared.platform.runtime.services import context_of, get_service
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger
from shared.platform.telemetry.metrics import MetricUnit, metrics
from shared.platform.telemetry.tracing import story_trace, tracer

EventHandler = Callable[[EventEnvelope], None]


class Consumer:
    """Routes the events of one queue to their handlers, each exactly once in effect."""

    def __init__(
        self, wiring: ModuleType | str, use_case: str, *, rebuildable: bool = False
    ) -> None:
        """Take its context's *wiring* and its *use_case*: its name is ``<context>.<use case>``.

        *rebuildable* says that it may see an event again to rebuild a read model.
        """
        self.name = f"{context_of(wiring)}.{use_case}"
        self.rebuildable = rebuildable
        self.handlers: dict[str, EventHandler] = {}
        self._needs: list[type[Any]] = []

    def on(self, *event_types: str) -> Callable[[EventHandler], EventHandler]:
        """Subscribe the decorated function to *event_types*; the template has the rule."""

        def subscribe(handler: EventHandler) -> EventHandler:
            for event_type in event_types:
                self.handlers[event_type] = handler
            return handler

        return subscribe

    def lambda_handler(self, *needs: type[Any]) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
        """Return the Lambda handler; the services it *needs* are built during init."""

        def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
            failed: list[str] = []
            with lifecycle.invocation(context) as outer:
                records = event["Records"]
                for position, record in enumerate(records):
                    try:
                        with alarm():
                            done = self._consume(record, outer)
                    except DeadlineExceeded:
                        failed += [later["messageId"] for later in records[position:]]
                        break
                    if not done:
                        failed.append(record["messageId"])
                return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}

        with request_context(request_id="warm-up"):
            for service in needs:
                get_service(service)
        lifecycle.end_init()
        return handle

    def _consume(self, record: dict[str, Any], outer: RequestContext) -> bool:
        """Handle one message; tell whether it may be acknowledged."""
        logger = get_logger(settings().service)
        labels: dict[str, Any] = {"consumer": self.name}
        with within(outer, correlation_id=outer.correlation_id) as context:
            try:
                event = event_from(_detail(record))
                self._adopt(context, event, rebuild=attribute_of(record, "rebuild"))
                age = SystemClock().now() - event.occurred_at
                metrics.add_metric(
                    "EventAge", MetricUnit.Milliseconds, age.total_seconds() * 1000, **labels
                )
                with (
                    tracer.provider.in_subsegment(f"## {self.name}"),
                    metrics.timed("EventDuration", **labels),
                ):
                    self._handle(event)
            except EventAlreadyHandled as error:
                if context.inbox is not None and context.inbox.marked:  # by this very delivery
                    report(error, function=f"{self.name}: a second commit", arguments={})
                logger.info("event was handled before", consumer=self.name)
                metrics.add_metric("EventDuplicate", MetricUnit.Count, 1, **labels)
            except NotYet as error:  # nobody's fault, and nothing to report
                logger.info("event comes too early", consumer=self.name, seconds=error.seconds)
                if give_up(record, error, consumer=self.name):
                    return True
                postpone(record, seconds=error.seconds)
                return False
            except Exception as error:  # noqa: BLE001  # one bad message must not stop the others
                report(error, function=self.name, arguments={"message": record.get("messageId")})
                metrics.add_metric("EventFailed", MetricUnit.Count, 1, **labels)
                hopeless = isinstance(error, MalformedEvent)
                times = None if hopeless else count_failure(record, consumer=self.name)
                if give_up(record, error, consumer=self.name, hopeless=hopeless, failures=times):
                    return True
                postpone(record, failures=times, hopeless=hopeless)
                return False
            else:
                logger.info(
                    "event handled",
                    consumer=self.name,
                    redrives=attribute_of(record, REDRIVES),
                )
                metrics.add_metric("EventHandled", MetricUnit.Count, 1, **labels)
                if context.inbox is not None and not context.inbox.marked:
                    logger.warning("event left no mark: it was not committed", consumer=self.name)
            return True

    def _adopt(
        self, context: RequestContext, event: EventEnvelope, *, rebuild: str | None
    ) -> None:
        """Go on with the story that the event belongs to."""
        note_ids(ids_of(event))
        context.correlation_id = event.context.correlation_id
        context.causation_id = event.id
        context.actor = self.name
        context.trace = story_trace(event.context.trace)
        inbox = f"{self.name}@{rebuild}" if rebuild and self.rebuildable else self.name
        context.inbox = Inbox(consumer=inbox, event_id=event.id)

    def _handle(self, event: EventEnvelope) -> None:
        handler = self.handlers.get(event.type)
        if handler is None:
            raise MalformedEvent(f"{self.name} does not handle {event.type}")
        retrying(lambda: handler(event))


def _detail(record: dict[str, Any]) -> dict[str, Any]:
    """Return the ``detail`` of the EventBridge event in an SQS message."""
    try:
        detail = json.loads(record["body"])["detail"]
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedEvent(f"not a bus message: {type(error).__name__}") from None
    if not isinstance(detail, dict):
        raise MalformedEvent("not a bus message: no detail")
    return detail
