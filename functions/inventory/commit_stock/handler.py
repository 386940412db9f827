"""On order.completed — make what the order holds sold."""

from shared.platform.entry.consumer import Consumer
from shared.inventory import wiring
from shared.inventory.consumers import on_order_completed
from shared.inventory.use_cases.commit_stock import CommitStockHandler
from shared.kernel.events import EventEnvelope
from shared.platform.runtime.services import get_service

consumer = Consumer(wiring, "commit_stock")


@consumer.on("order.completed")
def commit_stock(event: EventEnvelope) -> None:
    get_service(CommitStockHandler)(on_order_completed(event))


handler = consumer.lambda_handler(CommitStockHandler)
