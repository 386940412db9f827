"""On an order's placing and its end — keep the customer's summary."""

from shared.platform.entry.consumer import Consumer  # first: it rests the collector

# isort: split
from shared.customers import wiring  # noqa: F401  # registers the services
from shared.customers.consumers import order_news
from shared.customers.use_cases.project_order import ProjectOrderHandler
from shared.kernel.events import EventEnvelope
from shared.platform.runtime.services import get_service

consumer = Consumer("customers.project_customer_summary", rebuildable=True)


@consumer.on("order.placed", "order.completed", "order.failed", "order.cancelled")
def project(event: EventEnvelope) -> None:
    get_service(ProjectOrderHandler)(order_news(event))


handler = consumer.lambda_handler(ProjectOrderHandler)
