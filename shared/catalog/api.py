"""The catalog's published query interface: what other contexts may ask, answered at once.

    quotes = price_quotes()
    quotes.quote(["…", "…"])["…"].price

The asking function's template names the table in ``CATALOG_TABLE_NAME`` and allows
``dynamodb:BatchGetItem`` (`quote`) or ``dynamodb:GetItem`` (`exists`) on it. How its items look
is known to the catalog alone.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from shared.catalog.adapters.quotes import DynamoPriceQuotes, Quote
from shared.platform.aws import dynamodb
from shared.platform.settings import load

__all__ = ["PriceQuotes", "Quote", "price_quotes"]


class PriceQuotes(Protocol):
    """Answers about products."""

    def quote(self, product_ids: Iterable[str], /) -> Mapping[str, Quote]:
        """Return a quote for each product that exists, by id.

        One strongly consistent ``BatchGetItem`` of at most 100 ids; a product that does not exist
        is left out, a confidential one is marked as such.
        """
        ...

    def exists(self, product_id: str, /) -> bool:
        """Tell whether there is such a product, confidential or not: one ``GetItem``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    catalog_table_name: str


def price_quotes() -> PriceQuotes:
    """Return the quotes of the catalog whose table this function's settings name."""
    return DynamoPriceQuotes(dynamodb(), load(_Settings, os.environ).catalog_table_name)
