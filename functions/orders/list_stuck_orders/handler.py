"""GET /api/v1/orders/stuck — list the orders that have waited for too long, oldest first.

It is for the person on call, and lives here because the orders' table does: no other context
reads it.
"""

from shared.platform.http.app import create_app, lambda_handler
from shared.orders import wiring
from shared.orders.http.list_stuck_orders import Age, OpenOrdersPage, StuckOrderView, stuck_orders
from shared.orders.queries.list_stuck_orders import ListStuckOrdersHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import CurrentUser, require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.pagination import page_reply
from shared.platform.http.reply import Items, Reply

app = create_app(wiring, says="{count:order is|orders are} stuck.")


@app.get("/api/v1/orders/stuck", dependencies=[require_permission(Permission.ORDER_ADMIN)])
async def endpoint(
    page: OpenOrdersPage,
    age: Age,
    user: CurrentUser,
    list_stuck_orders: Inject[ListStuckOrdersHandler],
) -> Reply[Items[StuckOrderView]]:
    found, now = list_stuck_orders(stuck_orders(user.id, age, page))
    return page_reply(found.map(lambda order: StuckOrderView.of(order, now)), page)


handler = lambda_handler(app)
