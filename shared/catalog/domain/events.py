"""What happens to products."""

from dataclasses import dataclass
from typing import Any

from shared.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCreated(DomainEvent):
    """A product is new. ``price`` is ``{"amount": minor units, "currency": code}``."""

    type = "product.created"
    schema_version = 2

    product_id: str
    mnemonic: str
    overview: str
    is_confidential: bool
    price: dict[str, Any]
    category: str
    tags: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductUpdated(DomainEvent):
    """A product was changed. ``changes`` holds the new value of every field that differs now."""

    type = "product.updated"
    schema_version = 2

    product_id: str
    changes: dict[str, Any]
