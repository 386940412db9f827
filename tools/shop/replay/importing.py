"""Brings customers, products and stock of a plan into the shop."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256

from tools.shop.api_client.errors import ApiError
from tools.shop.api_client.models import Product, Stock
from tools.shop.api_client.shop import Shop
from tools.shop.replay.plan import Plan, PlannedProduct

CURRENCY = "GBP"

Tick = Callable[[], None]
"""Called once for each thing done: moves a progress bar."""


@dataclass(slots=True)
class Imported:
    """The shop's side of the plan's names.

    *before* is each product's stock as it was when the replay came: the shop may have had it
    from an earlier replay. *prices* are the current ones and change as the replay goes on.
    """

    customers: dict[str, Shop] = field(default_factory=dict)
    products: dict[str, str] = field(default_factory=dict)
    prices: dict[str, int] = field(default_factory=dict)
    before: dict[str, Stock] = field(default_factory=dict)


def import_customers(
    anybody: Shop, plan: Plan, imported: Imported, pool: ThreadPoolExecutor, tick: Tick
) -> None:
    """Register each customer of the plan; those of an earlier replay are already there."""

    def register(customer: str) -> None:
        email, password = f"{customer}@retail.example", _password(customer)
        try:
            anybody.register(email, password, f"Customer {customer}")
        except ApiError as error:
            if error.code != "EMAIL_TAKEN":
                raise
        imported.customers[customer] = anybody.signed_in(email, password)
        tick()

    list(pool.map(register, plan.customers))


def import_products(
    admin: Shop, plan: Plan, imported: Imported, pool: ThreadPoolExecutor, tick: Tick
) -> None:
    """Create the plan's products and deliver what its orders need."""
    known = {product.mnemonic: product for product in admin.products()}

    def bring(planned: PlannedProduct) -> None:
        product = _ensure(admin, planned, known)
        imported.products[planned.mnemonic] = product.id
        imported.prices[planned.mnemonic] = product.price.amount
        imported.before[planned.mnemonic] = (
            admin.stock(product.id)
            if planned.mnemonic in known
            else Stock(product_id=product.id, available=0, reserved=0, sold=0, received=0)
        )
        admin.adjust_stock(product.id, planned.units, "Delivery for the replayed invoices")
        tick()

    list(pool.map(bring, plan.products))


def _ensure(admin: Shop, planned: PlannedProduct, known: Mapping[str, Product]) -> Product:
    product = known.get(planned.mnemonic)
    if product is None:
        return admin.create_product(planned.mnemonic, planned.overview, planned.price, CURRENCY)
    if product.price.currency != CURRENCY:
        return admin.change_price(product.id, planned.price, CURRENCY)
    return product


def _password(customer: str) -> str:
    """The same at every replay, so that customers of an earlier one can sign in again."""
    return f"Retail-{sha256(f'online retail {customer}'.encode()).hexdigest()[:20]}"
