"""On user.registered and on the ends of orders — tell the customer."""

from shared.platform.entry.consumer import Consumer
from shared.kernel.events import EventEnvelope
from shared.notifications import wiring
from shared.notifications.consumers import (
    on_order_cancelled,
    on_order_completed,
    on_order_failed,
    on_user_registered,
)
from shared.notifications.use_cases.notify import NotifyHandler
from shared.platform.runtime.services import get_service

consumer = Consumer(wiring, "notify_on_event")


@consumer.on("user.registered")
def registered(event: EventEnvelope) -> None:
    get_service(NotifyHandler)(on_user_registered(event))


@consumer.on("order.completed")
def completed(event: EventEnvelope) -> None:
    get_service(NotifyHandler)(on_order_completed(event))


@consumer.on("order.failed")
def failed(event: EventEnvelope) -> None:
    get_service(NotifyHandler)(on_order_failed(event))


@consumer.on("order.cancelled")
def cancelled(event: EventEnvelope) -> None:
    get_service(NotifyHandler)(on_order_cancelled(event))


handler = consumer.lambda_handler(NotifyHandler)
