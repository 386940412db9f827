"""On payment.failed, inventory.rejected — the order ends without a sale."""

from shared.platform.entry.consumer import Consumer
from shared.kernel.events import EventEnvelope
from shared.orders import wiring
from shared.orders.consumers import on_inventory_rejected, on_payment_failed
from shared.orders.use_cases.fail_order import FailOrderHandler
from shared.platform.runtime.services import get_service

consumer = Consumer(wiring, "fail_order")


@consumer.on("payment.failed")
def fail(event: EventEnvelope) -> None:
    get_service(FailOrderHandler)(on_payment_failed(event))


@consumer.on("inventory.rejected")
def reject(event: EventEnvelope) -> None:
    get_service(FailOrderHandler)(on_inventory_rejected(event))


handler = consumer.lambda_handler(FailOrderHandler)
