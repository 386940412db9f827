"""On payment.succeeded — the order is paid and complete."""

from shared.platform.entry.consumer import Consumer
from shared.kernel.events import EventEnvelope
from shared.orders import wiring
from shared.orders.consumers import on_payment_succeeded
from shared.orders.use_cases.finalize_order import FinalizeOrderHandler
from shared.platform.runtime.services import get_service

consumer = Consumer(wiring, "finalize_order")


@consumer.on("payment.succeeded")
def finalize(event: EventEnvelope) -> None:
    get_service(FinalizeOrderHandler)(on_payment_succeeded(event))


handler = consumer.lambda_handler(FinalizeOrderHandler)
