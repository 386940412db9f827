"""What commands and queries return about a product."""

from dataclasses import dataclass, field
from typing import Any

from shared.catalog.domain.labels import UNCATEGORISED
from shared.catalog.domain.product import Product
from shared.kernel.clock import to_iso
from shared.kernel.commands import CommandResult
from shared.kernel.events import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDetails(CommandResult):
    """A product at one version. ``price`` is ``{"amount": minor units, "currency": code}``."""

    id: str
    mnemonic: str
    overview: str
    is_confidential: bool
    price: dict[str, Any]
    version: int
    created_at: str
    updated_at: str
    category: str = UNCATEGORISED  # what was stored before there were categories has none
    tags: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, product: Product) -> "ProductDetails":
        """Return the details of *product*."""
        return cls(
            id=product.id,
            mnemonic=product.mnemonic,
            overview=product.overview,
            is_confidential=product.is_confidential,
            price=plain(product.price),
            version=product.version,
            created_at=to_iso(product.created_at),
            updated_at=to_iso(product.updated_at),
            category=product.category,
            tags=list(product.tags),
        )
