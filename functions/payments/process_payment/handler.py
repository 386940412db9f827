"""On order.reserved, inventory.reserved — charge the order."""

from shared.platform.entry.consumer import Consumer  # first: it pauses the garbage collector

# isort: split
from shared.kernel.events import EventEnvelope
from shared.payments import wiring  # noqa: F401  # registers the factories
from shared.payments.consumers import on_inventory_reserved, on_order_reserved
from shared.payments.use_cases.process_payment import ProcessPaymentHandler
from shared.platform.runtime.services import get_service

consumer = Consumer("payments.process_payment")


@consumer.on("order.reserved")
def reserved(event: EventEnvelope) -> None:
    get_service(ProcessPaymentHandler)(on_order_reserved(event))


@consumer.on("inventory.reserved")
def reserved_before(event: EventEnvelope) -> None:
    get_service(ProcessPaymentHandler)(on_inventory_reserved(event))


handler = consumer.lambda_handler(ProcessPaymentHandler)
