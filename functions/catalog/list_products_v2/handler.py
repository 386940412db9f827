"""GET /api/v2/products — list products and how they are grouped."""

from shared.platform.http import create_app, lambda_handler  # first: it rests the collector

# isort: split
from shared.catalog import wiring  # noqa: F401  # registers the services
from shared.catalog.http import ListsConfidential, ProductV2View, list_query
from shared.catalog.queries.list_products import ListProductsHandler
from shared.platform.injection import Inject
from shared.platform.pagination import Leafing, page_reply
from shared.platform.reply import Items, Reply
from shared.platform.security import OptionalUser, public

app = create_app("catalog")


@app.get("/api/v2/products", dependencies=[public])
async def endpoint(
    page: Leafing,
    user: OptionalUser,
    confidential_too: ListsConfidential,
    list_products: Inject[ListProductsHandler],
) -> Reply[Items[ProductV2View]]:
    found = list_products(list_query(page, user, confidential_too=confidential_too))
    return page_reply(found.map(ProductV2View.of), page)


handler = lambda_handler(app)
