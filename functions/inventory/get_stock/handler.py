"""GET /api/v1/inventory/{product_id} — show a product's stock."""

from shared.platform.http.app import create_app, lambda_handler
from shared.inventory import wiring
from shared.inventory.domain.errors import StockNotFound
from shared.inventory.http.parameters import SeesConfidential
from shared.inventory.http.views import StockView
from shared.inventory.queries.get_stock import GetStock, GetStockHandler
from shared.kernel.ids import is_id
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="Product {product_id} has {data.available:unit|units} available.")


@app.get(
    "/api/v1/inventory/{product_id}",
    dependencies=[require_permission(Permission.INVENTORY_READ)],
)
async def endpoint(
    product_id: str, confidential_too: SeesConfidential, get_stock: Inject[GetStockHandler]
) -> Reply[StockView]:
    if not is_id(product_id):
        raise StockNotFound(product_id)
    query = GetStock(product_id=product_id, confidential_too=confidential_too)
    return Reply(StockView.of(get_stock(query)))


handler = lambda_handler(app)
