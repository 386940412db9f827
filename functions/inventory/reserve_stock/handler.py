"""order.placed — hold the order's stock, every line or none."""

from shared.platform.entry.consumer import Consumer  # first: it rests the collector

# isort: split
from shared.inventory import consumers, wiring  # noqa: F401  # wiring registers the services
from shared.inventory.use_cases.reserve_stock import ReserveStockHandler
from shared.kernel.events import EventEnvelope
from shared.platform.runtime.services import get_service

consumer = Consumer("inventory.reserve_stock")


@consumer.on("order.placed")
def reserve_stock(event: EventEnvelope) -> None:
    get_service(ReserveStockHandler)(consumers.reserve_stock(event))


handler = consumer.lambda_handler(ReserveStockHandler)
