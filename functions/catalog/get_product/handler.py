"""GET /api/v1/products/{product_id} — show a product; a confidential one to few."""

from shared.platform.http.app import create_app, lambda_handler
from shared.catalog import wiring
from shared.catalog.http.parameters import SeesConfidential, checked_id
from shared.catalog.http.views import VERSION_1, ProductView, product_reply
from shared.catalog.queries.get_product import GetProduct, GetProductHandler
from shared.platform.access.security import public
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="This is product {product_id}.", deprecation=VERSION_1)


@app.get("/api/v1/products/{product_id}", dependencies=[public])
async def endpoint(
    product_id: str, confidential_too: SeesConfidential, get_product: Inject[GetProductHandler]
) -> Reply[ProductView]:
    query = GetProduct(product_id=checked_id(product_id), confidential_too=confidential_too)
    # May be kept, must be asked about again: the version is the tag.
    return product_reply(
        get_product(query),
        ProductView,
        confidential_too=confidential_too,
        headers={"cache-control": "private, no-cache"},
    )


handler = lambda_handler(app)
