"""GET /api/v1/products — list products, confidential ones to those who may see them."""

from shared.platform.http import create_app, lambda_handler  # first: it rests the collector

# isort: split
from shared.catalog import wiring  # noqa: F401  # registers the services
from shared.catalog.http import ListsConfidential, ProductView, list_query
from shared.catalog.queries.list_products import ListProductsHandler
from shared.platform.injection import Inject
from shared.platform.pagination import Paging, page_reply
from shared.platform.reply import Items, Reply
from shared.platform.security import OptionalUser, public

app = create_app("catalog")


@app.get("/api/v1/products", dependencies=[public])
async def endpoint(
    page: Paging,
    user: OptionalUser,
    confidential_too: ListsConfidential,
    list_products: Inject[ListProductsHandler],
) -> Reply[Items[ProductView]]:
    found = list_products(list_query(page, user, confidential_too=confidential_too))
    return page_reply(found.map(ProductView.of), limit=page.limit)


handler = lambda_handler(app)
