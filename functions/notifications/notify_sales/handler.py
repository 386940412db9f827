"""On order.completed, if it is a large one — tell sales."""

from shared.platform.entry.consumer import Consumer
from shared.kernel.events import EventEnvelope
from shared.notifications import wiring
from shared.notifications.consumers import on_order_completed_for_sales
from shared.notifications.use_cases.notify_sales import NotifySalesHandler
from shared.platform.runtime.services import get_service

consumer = Consumer(wiring, "notify_sales")


@consumer.on("order.completed")
def tell(event: EventEnvelope) -> None:
    get_service(NotifySalesHandler)(on_order_completed_for_sales(event))


handler = consumer.lambda_handler(NotifySalesHandler)
