"""The catalog's published query interface: what other contexts may ask, answered at once.

    quotes = price_quotes()
    quotes.quote(["…", "…"])["…"].price
    quotes.quote(["…"])["…"].broken_by(6, at=now)  → the business rules that six pieces break

The asking function's template names the table in ``CATALOG_TABLE_NAME`` and allows
``dynamodb:BatchGetItem`` (`quote`) or ``dynamodb:GetItem`` (`is_confidential`) on it; entries need
both and ``dynamodb:Query``, and what their cache needs where it is
(`shared.platform.cache.factory`). How its items look is known to the catalog alone.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared.catalog.adapters.quote_reader import DynamoPriceQuotes, Quote
from shared.platform.aws.clients import dynamodb
from shared.platform.runtime.settings import load

__all__ = ["CatalogEntries", "PriceQuotes", "Quote", "catalog_entries", "price_quotes"]


class PriceQuotes(Protocol):
    """Answers about products."""

    def quote(self, product_ids: Iterable[str], /) -> Mapping[str, Quote]:
        """Return a quote for each product that exists, by id.

        One strongly consistent ``BatchGetItem`` of at most 99 ids; a product that does not exist
        is left out, a confidential one is marked as such. The rules about order lines come in the
        same batch: `Quote.broken_by` tells what they have against a number of pieces.
        """
        ...

    def is_confidential(self, product_id: str, /) -> bool | None:
        """Tell whether the product is; ``None`` when there is none such: one ``GetItem``."""
        ...


class CatalogEntries(Protocol):
    """Reads a product's entry in the catalog."""

    def find(self, product_id: str, /) -> Mapping[str, Any] | None:
        """Return ``{"product": …, "price_history": […]}`` as it is now, confidential or not.

        Of the prices only those that everybody could see.

        Kept in the function's cache: then it costs one consistent read of one small item.
        """
        ...

    def close(self) -> None:
        """Let go of the cache's connections."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    catalog_table_name: str


def price_quotes() -> PriceQuotes:
    """Return the quotes of the catalog whose table this function's settings name."""
    return DynamoPriceQuotes(dynamodb(), load(_Settings, os.environ).catalog_table_name)


def catalog_entries() -> CatalogEntries:
    """Return the entries of the catalog whose table this function's settings name."""
    from shared.catalog.adapters.catalog_entry_reader import CachedCatalogEntries  # noqa: PLC0415  # for few
    from shared.platform.cache.factory import make_cache  # noqa: PLC0415  # as above

    table = load(_Settings, os.environ).catalog_table_name
    return CachedCatalogEntries(dynamodb(), table, make_cache("catalog_entries", table))
