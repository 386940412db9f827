"""POST /api/v1/orders — place an order for the signed-in customer."""

from shared.platform.http.app import create_app, lambda_handler
from shared.orders import wiring
from shared.orders.domain.details import OrderDetails
from shared.orders.http.place_order import PlaceOrderBody
from shared.orders.http.views import OrderView, order_reply
from shared.orders.use_cases.place_order import PlaceOrderHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import CurrentUser, require_permission
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply
from shared.platform.rate_limits.programs import PROGRAMS
from shared.platform.rate_limits.rules import rate_limit

app = create_app(
    wiring,
    says="Order {data.id} is placed.",
    limits=(rate_limit("60 orders a minute per user"), *PROGRAMS),
)


@app.post(
    "/api/v1/orders",
    status_code=201,
    dependencies=[require_permission(Permission.ORDER_PLACE)],
)
async def endpoint(
    body: PlaceOrderBody, user: CurrentUser, place_order: Inject[PlaceOrderHandler]
) -> Reply[OrderView]:
    order = execute(place_order, body.to_command(user.id), returns=OrderDetails)
    return order_reply(order, status=201, headers={"location": f"/api/v1/orders/{order.id}"})


handler = lambda_handler(app)
