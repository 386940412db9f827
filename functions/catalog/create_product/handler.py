"""POST /api/v1/products — put a product into the catalog."""

from shared.platform.http.app import create_app, lambda_handler
from shared.catalog import wiring
from shared.catalog.domain.details import ProductDetails
from shared.catalog.http.create_product import CreateProductBody
from shared.catalog.http.views import VERSION_1, ProductView, product_reply
from shared.catalog.use_cases.create_product import CreateProductHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="Product {data.id} is created.", deprecation=VERSION_1)


# Mnemonics are unique among all products: who may name one may know that a name is taken.
@app.post(
    "/api/v1/products",
    status_code=201,
    dependencies=[
        require_permission(Permission.PRODUCT_CREATE, Permission.PRODUCT_READ_CONFIDENTIAL)
    ],
)
async def endpoint(
    body: CreateProductBody, create_product: Inject[CreateProductHandler]
) -> Reply[ProductView]:
    product = execute(create_product, body.to_command(), returns=ProductDetails)
    return product_reply(
        product,
        ProductView,
        confidential_too=True,
        status=201,
        headers={"location": f"/api/v1/products/{product.id}"},
    )


handler = lambda_handler(app)
