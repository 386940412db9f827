"""Product details over HTTP."""

from shared.gateway.domain.errors import ProductNotFound
from shared.gateway.queries.get_product_details import DetailsOfProduct
from shared.kernel.ids import id_check
from shared.platform.http.models import View
from shared.platform.http.reply import Reply


class MoneyView(View):
    """An amount in minor units (cents) of an ISO 4217 currency."""

    amount: int
    currency: str


class PricePointView(MoneyView):
    """A price, and since when it held."""

    since: str


class ProductStockView(View):
    """How many pieces are on offer."""

    available: int


class ProductDetailsView(View):
    """A product with every price it has had, oldest first, and its stock (null: never stocked)."""

    id: str
    mnemonic: str
    overview: str
    price: MoneyView
    category: str
    tags: list[str]
    version: int
    created_at: str
    updated_at: str
    price_history: list[PricePointView]
    stock: ProductStockView | None

    @classmethod
    def of(cls, details: DetailsOfProduct) -> "ProductDetailsView":
        """Return the view of *details*."""
        stock = None if details.available is None else {"available": details.available}
        history = details.entry["price_history"]
        known = {**details.entry["product"], "price_history": history, "stock": stock}
        return cls.model_validate(known)


def details_reply(details: DetailsOfProduct) -> Reply[ProductDetailsView]:
    """Return *details*, tagged by what they were made of; may be kept, must be asked about."""
    version = details.entry["product"]["version"]
    stock = "none" if details.available is None else details.available
    headers = {"etag": f'"{version}-{stock}"', "cache-control": "public, no-cache"}
    return Reply(ProductDetailsView.of(details), headers=headers)


checked_id = id_check(ProductNotFound)
"""An id of a product; `ProductNotFound` for what cannot be one."""
