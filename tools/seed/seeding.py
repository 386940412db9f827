"""Fills a running stack with the sample shop, through the public API."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from shared.kernel.errors import AlreadyExists
from tools.api_client.errors import ApiError
from tools.api_client.shop import Shop
from tools.api_client.transport import Transport
from tools.create_admin import create_admin
from tools.local.access import StackAccess
from tools.seed.assortment import ADMIN, CURRENCY, CUSTOMER, PRODUCTS, SampleProduct, SampleUser
from tools.seed.examples import curl_lines

WORKERS = 3
"""Each concurrent call costs the local stack a cold start of one more worker process."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What there is to try: accounts, and shell lines that work as they stand."""

    users: tuple[SampleUser, ...]
    examples: tuple[str, ...]


def seed(stack: StackAccess) -> Seeded:
    """Make sure that the sample accounts, products and stock exist; return how to use them.

    Adds what is missing and leaves the rest alone, so that it may run at every start.
    """
    with Transport(stack.base_url) as transport, ThreadPoolExecutor(WORKERS) as pool:
        shop = Shop(transport)
        customer = pool.submit(_ensure_customer, shop)
        listed = pool.submit(lambda: {product.mnemonic: product.id for product in shop.products()})
        _ensure_admin(stack)
        admin = shop.signed_in(ADMIN.email, ADMIN.password)
        known = listed.result()
        ids = list(pool.map(lambda product: _ensure_product(admin, product, known), PRODUCTS))
        customer.result()
    return Seeded(users=(ADMIN, CUSTOMER), examples=curl_lines(stack.base_url, CUSTOMER, ids[0]))


def _ensure_admin(stack: StackAccess) -> None:
    """Create the administrator with the operator's AWS credentials: no endpoint makes one."""
    with contextlib.suppress(AlreadyExists):
        create_admin(
            stack.client("dynamodb"),
            stack.table("identity"),
            email=ADMIN.email,
            password=ADMIN.password,
            name=ADMIN.name,
        )


def _ensure_customer(shop: Shop) -> None:
    try:
        shop.register(CUSTOMER.email, CUSTOMER.password, CUSTOMER.name)
    except ApiError as error:
        if error.code != "EMAIL_TAKEN":
            raise


def _ensure_product(admin: Shop, product: SampleProduct, known: dict[str, str]) -> str:
    """Return the product's id; a run cut short between product and stock is completed."""
    product_id = known.get(product.mnemonic)
    if product_id is None:
        made = admin.create_product(product.mnemonic, product.overview, product.price, CURRENCY)
        product_id = made.id
    elif admin.stock(product_id).received:
        return product_id
    admin.adjust_stock(product_id, product.stock, "First delivery")
    return product_id
