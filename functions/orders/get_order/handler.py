"""GET /api/v1/orders/{order_id} — show an order as it is or was to who may see it."""

from shared.platform.http.app import create_app, lambda_handler
from shared.orders import wiring
from shared.orders.http.get_order import AskedOrder
from shared.orders.http.views import OrderView, order_reply
from shared.orders.queries.get_order import GetOrderHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="This is order {order_id}.")


@app.get("/api/v1/orders/{order_id}", dependencies=[require_permission(Permission.ORDER_READ)])
async def endpoint(asked: AskedOrder, get_order: Inject[GetOrderHandler]) -> Reply[OrderView]:
    # May be kept, must be asked about again: the version is the tag.
    return order_reply(get_order(asked), headers={"cache-control": "private, no-cache"})


handler = lambda_handler(app)
