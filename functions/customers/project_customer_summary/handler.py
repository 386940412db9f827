"""On an order's placing and its end — keep the customer's summary."""

from shared.platform.entry.consumer import Consumer
from shared.customers import wiring
from shared.customers.consumers import (
    on_order_cancelled,
    on_order_completed,
    on_order_failed,
    on_order_placed,
)
from shared.customers.use_cases.project_order import ProjectOrderHandler
from shared.kernel.events import EventEnvelope
from shared.platform.runtime.services import get_service

consumer = Consumer(wiring, "project_customer_summary", rebuildable=True)


@consumer.on("order.placed")
def placed(event: EventEnvelope) -> None:
    get_service(ProjectOrderHandler)(on_order_placed(event))


@consumer.on("order.completed")
def completed(event: EventEnvelope) -> None:
    get_service(ProjectOrderHandler)(on_order_completed(event))


@consumer.on("order.failed")
def failed(event: EventEnvelope) -> None:
    get_service(ProjectOrderHandler)(on_order_failed(event))


@consumer.on("order.cancelled")
def cancelled(event: EventEnvelope) -> None:
    get_service(ProjectOrderHandler)(on_order_cancelled(event))


handler = consumer.lambda_handler(ProjectOrderHandler)
