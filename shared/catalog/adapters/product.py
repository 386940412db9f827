"""How a product looks in the table: its state, and its entries in the lists."""

from collections.abc import Mapping
from typing import Any

from shared.catalog.domain.details import ProductDetails
from shared.catalog.domain.labels import UNCATEGORISED
from shared.catalog.domain.price_history import PricePoint
from shared.catalog.domain.product import Product
from shared.catalog.ports import Audience
from shared.kernel.clock import from_iso, to_iso
from shared.kernel.lazy import Lazy
from shared.kernel.money import MAX_AMOUNT, Money
from shared.platform.dynamodb.codec import Item

LIST_PREFIX = "PRODUCTS#"
_DIGITS = len(str(MAX_AMOUNT))


def state_of(product: Product) -> Item:
    """Return the attributes that describe *product*, without keys."""
    return {
        "id": product.id,
        "mnemonic": product.mnemonic,
        "overview": product.overview,
        "is_confidential": product.is_confidential,
        "price": {"amount": product.price.amount, "currency": product.price.currency},
        "category": product.category,
        "tags": list(product.tags),
        "created_at": to_iso(product.created_at),
        "updated_at": to_iso(product.updated_at),
    }


def product_of(
    item: Mapping[str, Any], *, price_history: Lazy[tuple[PricePoint, ...]] | None = None
) -> Product:
    """Return the product that a state item holds; its history is elsewhere."""
    return Product(
        item["id"],
        mnemonic=item["mnemonic"],
        overview=item["overview"],
        is_confidential=item["is_confidential"],
        price=Money(**item["price"]),
        created_at=from_iso(item["created_at"]),
        updated_at=from_iso(item["updated_at"]),
        category=item.get("category", UNCATEGORISED),  # absent until migration 0001 has run
        tags=item.get("tags", ()),
        price_history=price_history,
        version=item["version"],
    )


def details_of(item: Mapping[str, Any]) -> ProductDetails:
    """Return what a state item or a list entry tells; the two hold the same."""
    return ProductDetails.from_data(item)


def list_partition(audience: Audience) -> str:
    """Return the partition of an audience's list, in the table and in the index."""
    return f"{LIST_PREFIX}{audience}"


def list_entry_key(product: Product, audience: Audience) -> dict[str, str]:
    """Return where *product* stands in the list: by creation, then by id."""
    return {
        "PK": list_partition(audience),
        "SK": f"{to_iso(product.created_at)}#{product.id}",
    }


def list_entry(product: Product, audience: Audience) -> Item:
    """Return the entry of *product*: the table sorts by creation, GSI1 by name, GSI3 by price."""
    return {
        **list_entry_key(product, audience),
        "GSI1PK": list_partition(audience),
        "GSI1SK": product.mnemonic,
        "GSI3PK": list_partition(audience),
        "GSI3SK": price_place(product.price.currency, product.price.amount, product.mnemonic),
        **state_of(product),
        "version": product.version,
    }


def price_place(currency: str, amount: int, mnemonic: str) -> str:
    """Return where a product stands by price: within its currency, then by mnemonic."""
    return f"{currency}#{sortable(amount)}#{mnemonic}"


def sortable(amount: int) -> str:
    """Return *amount*, which is not negative, as a text that sorts as the numbers do."""
    return f"{amount:0{_DIGITS}d}"


def counter(audience: Audience) -> str:
    """Return the name of the counter of an audience's list."""
    return f"products#{audience}"


def entry_tag(product_id: str) -> str:
    """Return the cache tag of a product's details."""
    return f"product:{product_id}"


def audiences_of(*, confidential: bool) -> frozenset[Audience]:
    """Return the audiences that are shown such a product."""
    return frozenset({Audience.ALL} if confidential else Audience)


def was_confidential(product: Product) -> bool:
    """Tell whether *product* was confidential when it was loaded."""
    toggles = sum(
        "is_confidential" in e.to_data().get("changes", ()) for e in product.pending_events
    )
    return product.is_confidential ^ (toggles % 2 == 1)
