"""PATCH /api/v1/products/{product_id} — change a product, at the version in If-Match if given."""

from shared.platform.http.app import create_app, lambda_handler
from shared.catalog import wiring
from shared.catalog.domain.details import ProductDetails
from shared.catalog.http.update_product import UpdateProductBody, UpdateRights
from shared.catalog.http.views import VERSION_1, ProductView, product_reply
from shared.catalog.use_cases.update_product import UpdateProductHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.preconditions import IfMatch
from shared.platform.http.reply import Reply

app = create_app(wiring, says="Product {product_id} is updated.", deprecation=VERSION_1)


@app.patch(
    "/api/v1/products/{product_id}",
    dependencies=[require_permission(Permission.PRODUCT_UPDATE)],
)
async def endpoint(
    product_id: str,
    body: UpdateProductBody,
    versions: IfMatch,
    rights: UpdateRights,
    update_product: Inject[UpdateProductHandler],
) -> Reply[ProductView]:
    command = body.to_command(product_id, versions=versions, rights=rights)
    product = execute(update_product, command, returns=ProductDetails)
    return product_reply(product, ProductView, confidential_too=rights.confidential_too)


handler = lambda_handler(app)
