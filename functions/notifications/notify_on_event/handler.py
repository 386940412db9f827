"""On user.registered and on the ends of orders — tell the customer."""

from shared.platform.entry.consumer import Consumer  # first: it rests the collector

# isort: split
from shared.kernel.events import EventEnvelope
from shared.notifications import wiring  # noqa: F401  # registers the factories
from shared.notifications.consumers import notify_command
from shared.notifications.use_cases.notify import NotifyHandler
from shared.platform.runtime.services import get_service

consumer = Consumer("notifications.notify_on_event")


@consumer.on("user.registered", "order.completed", "order.failed", "order.cancelled")
def notify(event: EventEnvelope) -> None:
    get_service(NotifyHandler)(notify_command(event))


handler = consumer.lambda_handler(NotifyHandler)
