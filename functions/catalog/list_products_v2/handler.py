"""GET /api/v2/products — list products and how they are grouped."""

from shared.platform.http.app import create_app, lambda_handler
from shared.catalog import wiring
from shared.catalog.http.list_products import ProductsPage, WantedProducts, list_query
from shared.catalog.http.parameters import ListsConfidential
from shared.catalog.http.views import ProductV2View, listed
from shared.catalog.queries.list_products import ListProductsHandler
from shared.platform.access.security import OptionalUser, public
from shared.platform.http.injection import Inject
from shared.platform.http.pagination import page_reply
from shared.platform.http.reply import Items, Reply

app = create_app(wiring, says="{count:product|products} found.")


@app.get("/api/v2/products", dependencies=[public])
async def endpoint(
    page: ProductsPage,
    wanted: WantedProducts,
    user: OptionalUser,
    confidential_too: ListsConfidential,
    list_products: Inject[ListProductsHandler],
) -> Reply[Items[ProductV2View]]:
    query = list_query(page, user, confidential_too=confidential_too, wanted=wanted)
    found = list_products(query)
    return page_reply(found.map(listed(ProductV2View, confidential_too=confidential_too)), page)


handler = lambda_handler(app)
