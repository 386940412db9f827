"""GET /api/v2/products/{product_id}/details — show a product with its prices and its stock."""

from shared.platform.http.app import create_app, lambda_handler
from shared.gateway import wiring
from shared.gateway.http.get_product_details import ProductDetailsView, checked_id, details_reply
from shared.gateway.queries.get_product_details import GetProductDetails, GetProductDetailsHandler
from shared.platform.access.security import public
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="This is product {product_id} with its price history and stock.")


@app.get("/api/v2/products/{product_id}/details", dependencies=[public])
async def endpoint(
    product_id: str, get_product_details: Inject[GetProductDetailsHandler]
) -> Reply[ProductDetailsView]:
    query = GetProductDetails(product_id=checked_id(product_id))
    return details_reply(get_product_details(query))


handler = lambda_handler(app)
