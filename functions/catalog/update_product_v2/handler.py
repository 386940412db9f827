"""PATCH /api/v2/products/{product_id} — change a product or how it is grouped."""

from shared.platform.http.app import create_app, lambda_handler
from shared.catalog import wiring
from shared.catalog.domain.details import ProductDetails
from shared.catalog.http.update_product import UpdateRights
from shared.catalog.http.update_product_v2 import UpdateProductV2Body
from shared.catalog.http.views import ProductV2View, product_reply
from shared.catalog.use_cases.update_product import UpdateProductHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.preconditions import IfMatch
from shared.platform.http.reply import Reply

app = create_app(wiring, says="Product {product_id} is updated.")


@app.patch(
    "/api/v2/products/{product_id}",
    dependencies=[require_permission(Permission.PRODUCT_UPDATE)],
)
async def endpoint(
    product_id: str,
    body: UpdateProductV2Body,
    versions: IfMatch,
    rights: UpdateRights,
    update_product: Inject[UpdateProductHandler],
) -> Reply[ProductV2View]:
    command = body.to_command(product_id, versions=versions, rights=rights)
    product = execute(update_product, command, returns=ProductDetails)
    return product_reply(product, ProductV2View, confidential_too=rights.confidential_too)


handler = lambda_handler(app)
