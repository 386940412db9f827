"""On payment.succeeded — the order is paid and complete."""

from shared.platform.entry.consumer import Consumer  # first: it pauses the garbage collector

# isort: split
from shared.kernel.events import EventEnvelope
from shared.orders import wiring  # noqa: F401  # registers the services
from shared.orders.consumers import on_payment_succeeded
from shared.orders.use_cases.finalize_order import FinalizeOrderHandler
from shared.platform.runtime.services import get_service

consumer = Consumer("orders.finalize_order")


@consumer.on("payment.succeeded")
def finalize(event: EventEnvelope) -> None:
    get_service(FinalizeOrderHandler)(on_payment_succeeded(event))


handler = consumer.lambda_handler(FinalizeOrderHandler)
