"""POST /api/v1/orders/{order_id}/cancel — cancel an order before it is shipped."""

from shared.platform.http.app import create_app, lambda_handler
from shared.orders import wiring
from shared.orders.domain.details import OrderDetails
from shared.orders.http.cancel_order import CancelOrderBody
from shared.orders.http.parameters import OrderReach, checked_id
from shared.orders.http.views import OrderView, order_reply
from shared.orders.use_cases.cancel_order import CancelOrder, CancelOrderHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.preconditions import IfMatch
from shared.platform.http.reply import Reply
from shared.platform.rate_limits.programs import PROGRAMS

app = create_app(wiring, says="Order {order_id} is cancelled.", limits=PROGRAMS)


@app.post(
    "/api/v1/orders/{order_id}/cancel",
    dependencies=[require_permission(Permission.ORDER_CANCEL)],
)
async def endpoint(
    order_id: str,
    reach: OrderReach,
    versions: IfMatch,
    cancel_order: Inject[CancelOrderHandler],
    body: CancelOrderBody | None = None,
) -> Reply[OrderView]:
    command = CancelOrder(
        order_id=checked_id(order_id),
        requested_by=reach.user_id,
        manages_orders=reach.everybodys,
        reason=body.reason if body else None,
        versions=versions,
    )
    return order_reply(execute(cancel_order, command, returns=OrderDetails))


handler = lambda_handler(app)
