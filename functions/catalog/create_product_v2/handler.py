"""POST /api/v2/products — put a product into the catalog, with category and tags."""

from shared.platform.http.app import create_app, lambda_handler
from shared.catalog import wiring
from shared.catalog.domain.details import ProductDetails
from shared.catalog.http.create_product_v2 import CreateProductV2Body
from shared.catalog.http.views import ProductV2View, product_reply
from shared.catalog.use_cases.create_product import CreateProductHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="Product {data.id} is created.")


# Mnemonics are unique among all products: who may name one may know that a name is taken.
@app.post(
    "/api/v2/products",
    status_code=201,
    dependencies=[
        require_permission(Permission.PRODUCT_CREATE, Permission.PRODUCT_READ_CONFIDENTIAL)
    ],
)
async def endpoint(
    body: CreateProductV2Body, create_product: Inject[CreateProductHandler]
) -> Reply[ProductV2View]:
    product = execute(create_product, body.to_command(), returns=ProductDetails)
    return product_reply(
        product,
        ProductV2View,
        confidential_too=True,
        status=201,
        headers={"location": f"/api/v2/products/{product.id}"},
    )


handler = lambda_handler(app)
