"""On order.cancelled — give the money back, or see to it that none is taken."""

from shared.platform.entry.consumer import Consumer
from shared.kernel.events import EventEnvelope
from shared.payments import wiring
from shared.payments.consumers import on_order_cancelled
from shared.payments.use_cases.refund_payment import RefundPaymentHandler
from shared.platform.runtime.services import get_service

consumer = Consumer(wiring, "refund_payment")


@consumer.on("order.cancelled")
def refund_payment(event: EventEnvelope) -> None:
    get_service(RefundPaymentHandler)(on_order_cancelled(event))


handler = consumer.lambda_handler(RefundPaymentHandler)
