"""GET /api/v1/payments/{order_id} — show the payment for an order."""

from shared.platform.http.app import create_app, lambda_handler
from shared.payments import wiring
from shared.payments.http.parameters import PaymentReach
from shared.payments.http.views import PaymentBody
from shared.payments.queries.get_payment import GetPayment, GetPaymentHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="This is the payment for order {order_id}.")


@app.get("/api/v1/payments/{order_id}", dependencies=[require_permission(Permission.PAYMENT_READ)])
async def endpoint(
    order_id: str, reach: PaymentReach, get_payment: Inject[GetPaymentHandler]
) -> Reply[PaymentBody]:
    owner = None if reach.everybodys else reach.user_id
    return Reply(PaymentBody.of(get_payment(GetPayment(order_id=order_id, owner=owner))))


handler = lambda_handler(app)
