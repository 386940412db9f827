"""On order.placed — hold the order's stock, every line or none."""

from shared.platform.entry.consumer import Consumer
from shared.inventory import wiring
from shared.inventory.consumers import on_order_placed
from shared.inventory.use_cases.reserve_stock import ReserveStockHandler
from shared.kernel.events import EventEnvelope
from shared.platform.runtime.services import get_service

consumer = Consumer(wiring, "reserve_stock")


@consumer.on("order.placed")
def reserve_stock(event: EventEnvelope) -> None:
    get_service(ReserveStockHandler)(on_order_placed(event))


handler = consumer.lambda_handler(ReserveStockHandler)
