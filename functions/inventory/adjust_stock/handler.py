"""POST /api/v1/inventory/{product_id}/adjustments — take units in, or write them off."""

from shared.platform.http.app import create_app, lambda_handler
from shared.inventory import wiring
from shared.inventory.domain.errors import ProductNotFound
from shared.inventory.domain.level import StockLevel
from shared.inventory.http.adjust_stock import AdjustStockBody
from shared.inventory.http.parameters import SeesConfidential
from shared.inventory.http.views import StockView
from shared.inventory.use_cases.adjust_stock import AdjustStockHandler
from shared.kernel.ids import is_id
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply, created
from shared.platform.rate_limits.programs import PROGRAMS

app = create_app(
    wiring,
    says="Product {product_id} now has {data.available:unit|units} available.",
    limits=PROGRAMS,
)


@app.post(
    "/api/v1/inventory/{product_id}/adjustments",
    status_code=201,
    dependencies=[require_permission(Permission.INVENTORY_ADJUST)],
)
async def endpoint(
    product_id: str,
    body: AdjustStockBody,
    confidential_too: SeesConfidential,
    adjust_stock: Inject[AdjustStockHandler],
) -> Reply[StockView]:
    if not is_id(product_id):
        raise ProductNotFound(product_id)
    command = body.to_command(product_id, confidential_too=confidential_too)
    level = execute(adjust_stock, command, returns=StockLevel)
    return created(StockView.of(level), location=f"/api/v1/inventory/{product_id}")


handler = lambda_handler(app)
