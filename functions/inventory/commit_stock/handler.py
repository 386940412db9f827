"""order.completed — make what the order holds sold."""

from shared.platform.entry.consumer import Consumer  # first: it rests the collector

# isort: split
from shared.inventory import consumers, wiring  # noqa: F401  # wiring registers the services
from shared.inventory.use_cases.commit_stock import CommitStockHandler
from shared.kernel.events import EventEnvelope
from shared.platform.runtime.services import get_service

consumer = Consumer("inventory.commit_stock")


@consumer.on("order.completed")
def commit_stock(event: EventEnvelope) -> None:
    get_service(CommitStockHandler)(consumers.commit_stock(event))


handler = consumer.lambda_handler(CommitStockHandler)
