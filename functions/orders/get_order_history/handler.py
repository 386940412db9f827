"""GET /api/v1/orders/{order_id}/history — show everything that has happened to an order."""

from shared.platform.http.app import create_app, lambda_handler
from shared.orders import wiring
from shared.orders.http.get_order_history import HistoryPage, OrderEventView
from shared.orders.http.parameters import OrderReach, checked_id
from shared.orders.queries.get_order_history import GetOrderHistory, GetOrderHistoryHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.pagination import page_reply
from shared.platform.http.reply import Items, Reply

app = create_app(wiring, says="Order {order_id}: {count:event|events} found.")


@app.get(
    "/api/v1/orders/{order_id}/history",
    dependencies=[require_permission(Permission.ORDER_READ)],
)
async def endpoint(
    order_id: str,
    page: HistoryPage,
    reach: OrderReach,
    get_order_history: Inject[GetOrderHistoryHandler],
) -> Reply[Items[OrderEventView]]:
    query = GetOrderHistory(
        order_id=checked_id(order_id),
        requested_by=reach.user_id,
        manages_orders=reach.everybodys,
        page=page,
    )
    found = get_order_history(query)
    return page_reply(found.map(lambda event: OrderEventView.of(event, reader=reach)), page)


handler = lambda_handler(app)
