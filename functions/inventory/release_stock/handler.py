"""inventory.release_requested, order.cancelled — give back what the order holds."""

from shared.platform.entry.consumer import Consumer  # first: it rests the collector

# isort: split
from shared.inventory import consumers, wiring  # noqa: F401  # wiring registers the services
from shared.inventory.use_cases.release_stock import ReleaseStockHandler
from shared.kernel.events import EventEnvelope
from shared.platform.runtime.services import get_service

consumer = Consumer("inventory.release_stock")


@consumer.on("inventory.release_requested", "order.cancelled")
def release_stock(event: EventEnvelope) -> None:
    get_service(ReleaseStockHandler)(consumers.release_stock(event))


handler = consumer.lambda_handler(ReleaseStockHandler)
