"""GET /api/v1/orders — list the signed-in customer's orders, newest first."""

from shared.platform.http.app import create_app, lambda_handler
from shared.orders import wiring
from shared.orders.http.list_my_orders import OrdersPage, WantedOrders, my_orders
from shared.orders.http.views import OrderView
from shared.orders.queries.list_my_orders import ListMyOrdersHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import OwnerOnly, require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.pagination import page_reply
from shared.platform.http.reply import Items, Reply

app = create_app(wiring, says="{count:order|orders} found.")


@app.get("/api/v1/orders", dependencies=[require_permission(Permission.ORDER_READ)])
async def endpoint(
    page: OrdersPage,
    where: WantedOrders,
    user: OwnerOnly,
    list_my_orders: Inject[ListMyOrdersHandler],
) -> Reply[Items[OrderView]]:
    found = list_my_orders(my_orders(user.id, page, where))
    return page_reply(found.map(OrderView.of), page)


handler = lambda_handler(app)
