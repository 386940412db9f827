"""On order.reserved, inventory.reserved — charge the order."""

from shared.platform.entry.consumer import Consumer
from shared.kernel.events import EventEnvelope
from shared.payments import wiring
from shared.payments.consumers import on_inventory_reserved, on_order_reserved
from shared.payments.use_cases.process_payment import ProcessPaymentHandler
from shared.platform.runtime.services import get_service

consumer = Consumer(wiring, "process_payment")


@consumer.on("order.reserved")
def reserved(event: EventEnvelope) -> None:
    get_service(ProcessPaymentHandler)(on_order_reserved(event))


@consumer.on("inventory.reserved")
def reserved_before(event: EventEnvelope) -> None:
    get_service(ProcessPaymentHandler)(on_inventory_reserved(event))


handler = consumer.lambda_handler(ProcessPaymentHandler)
