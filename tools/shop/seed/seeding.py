"""Fills a running stack with the sample shop, through the public API."""

import contextlib
from dataclasses import dataclass

from shared.kernel.errors import AlreadyExists
from tools.entry.workers import Workers
from tools.local.access import StackAccess
from tools.operate.create_admin import create_admin
from tools.shop.api_client.errors import ApiError
from tools.shop.api_client.shop import Shop
from tools.shop.api_client.transport import Transport
from tools.shop.seed.assortment import (
    ADMIN,
    CURRENCY,
    CUSTOMER,
    PRODUCTS,
    SampleProduct,
    SampleUser,
)
from tools.shop.seed.examples import curl_lines


@dataclass(frozen=True, slots=True)
class Seeded:
    """What there is to try: accounts, and shell lines that work as they stand."""

    users: tuple[SampleUser, ...]
    examples: tuple[str, ...]


def seed(stack: StackAccess) -> Seeded:
    """Make sure that the sample accounts, products and stock exist; return how to use them.

    Adds what is missing and leaves the rest alone, so that it may run at every start.
    """
    # Each thread calls functions that no other calls at that time: a second call of a function
    # while the first still runs would cost the local stack another cold start.
    with (
        Transport(stack.base_url) as transport,
        Workers(1) as customers,
        Workers(1) as reads,
        Workers(1) as deliveries,
    ):
        shop = Shop(transport)
        customer = customers.submit(_ensure_customer, shop)
        listed = reads.submit(
            lambda: {product.mnemonic: product.id for product in shop.products()}
        )
        admin = _ensure_admin(stack, shop)
        known = listed.result()
        ids = []
        stocked = []
        for product in PRODUCTS:
            is_new = product.mnemonic not in known
            ids.append(_create(admin, product) if is_new else known[product.mnemonic])
            deliver = _deliver if is_new else _ensure_delivered
            stocked.append(deliveries.submit(deliver, admin, product, ids[-1]))
        for future in (customer, *stocked):
            future.result()
    return Seeded((ADMIN, CUSTOMER), curl_lines(stack.base_url, CUSTOMER, ids[0]))


def _ensure_admin(stack: StackAccess, shop: Shop) -> Shop:
    """Create the administrator with the operator's AWS credentials: no endpoint makes one."""
    with contextlib.suppress(AlreadyExists):
        create_admin(
            stack.client("dynamodb"),
            stack.table("identity"),
            email=ADMIN.email,
            password=ADMIN.password,
            name=ADMIN.name,
        )
    admin = shop.signed_in(ADMIN.email, ADMIN.password)
    admin.log_in()
    return admin


def _ensure_customer(shop: Shop) -> None:
    try:
        shop.register(CUSTOMER.email, CUSTOMER.password, CUSTOMER.name)
    except ApiError as error:
        if error.code != "EMAIL_TAKEN":
            raise


def _create(admin: Shop, product: SampleProduct) -> str:
    return admin.create_product(product.mnemonic, product.overview, product.price, CURRENCY).id


def _deliver(admin: Shop, product: SampleProduct, product_id: str) -> None:
    admin.adjust_stock(product_id, product.stock, "First delivery")


def _ensure_delivered(admin: Shop, product: SampleProduct, product_id: str) -> None:
    """A start cut short between product and delivery is completed by the next."""
    if not admin.stock(product_id).received:
        _deliver(admin, product, product_id)
