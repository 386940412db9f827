"""On inventory.release_requested, order.cancelled — give back what the order holds."""

from shared.platform.entry.consumer import Consumer
from shared.inventory import wiring
from shared.inventory.consumers import on_inventory_release_requested, on_order_cancelled
from shared.inventory.use_cases.release_stock import ReleaseStockHandler
from shared.kernel.events import EventEnvelope
from shared.platform.runtime.services import get_service

consumer = Consumer(wiring, "release_stock")


@consumer.on("inventory.release_requested")
def requested(event: EventEnvelope) -> None:
    get_service(ReleaseStockHandler)(on_inventory_release_requested(event))


@consumer.on("order.cancelled")
def cancelled(event: EventEnvelope) -> None:
    get_service(ReleaseStockHandler)(on_order_cancelled(event))


handler = consumer.lambda_handler(ReleaseStockHandler)
