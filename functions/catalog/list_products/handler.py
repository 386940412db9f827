"""GET /api/v1/products — list products, confidential ones to those who may see them."""

from shared.platform.http.app import create_app, lambda_handler
from shared.catalog import wiring
from shared.catalog.http.list_products import ProductsPage, WantedCurrency, list_query
from shared.catalog.http.parameters import ListsConfidential
from shared.catalog.http.views import VERSION_1, ProductView, listed
from shared.catalog.queries.list_products import ListProductsHandler
from shared.platform.access.security import OptionalUser, public
from shared.platform.http.injection import Inject
from shared.platform.http.pagination import page_reply
from shared.platform.http.reply import Items, Reply

app = create_app(wiring, says="{count:product|products} found.", deprecation=VERSION_1)


@app.get("/api/v1/products", dependencies=[public])
async def endpoint(
    page: ProductsPage,
    wanted: WantedCurrency,
    user: OptionalUser,
    confidential_too: ListsConfidential,
    list_products: Inject[ListProductsHandler],
) -> Reply[Items[ProductView]]:
    query = list_query(page, user, confidential_too=confidential_too, wanted=wanted)
    found = list_products(query)
    return page_reply(found.map(listed(ProductView, confidential_too=confidential_too)), page)


handler = lambda_handler(app)
