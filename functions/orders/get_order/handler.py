"""GET /api/v1/orders/{order_id} — show an order to its customer or to who manages orders."""

from shared.platform.http.app import create_app, lambda_handler
from shared.orders import wiring
from shared.orders.http.parameters import OrderReach, checked_id
from shared.orders.http.views import OrderView, order_reply
from shared.orders.queries.get_order import GetOrder, GetOrderHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="This is order {order_id}.")


@app.get("/api/v1/orders/{order_id}", dependencies=[require_permission(Permission.ORDER_READ)])
async def endpoint(
    order_id: str, reach: OrderReach, get_order: Inject[GetOrderHandler]
) -> Reply[OrderView]:
    query = GetOrder(
        order_id=checked_id(order_id), requested_by=reach.user_id, manages_orders=reach.everybodys
    )
    # May be kept, must be asked about again: the version is the tag.
    return order_reply(get_order(query), headers={"cache-control": "private, no-cache"})


handler = lambda_handler(app)
