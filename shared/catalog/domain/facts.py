"""What business rules look at in a product."""

from typing import TYPE_CHECKING

from shared.catalog.domain.product import Product

if TYPE_CHECKING:
    from shared.catalog.domain.rule import Facts


def product_facts(product: Product) -> "Facts":
    """Return what rules about products look at."""
    return {
        "mnemonic": product.mnemonic,
        "overview": product.overview,
        "is_confidential": product.is_confidential,
        "category": product.category,
        "tags": list(product.tags),
        "price.amount": product.price.amount,
        "price.currency": product.price.currency,
    }
