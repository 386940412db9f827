"""Tell which business rules a product or an order line would break."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.catalog.domain.errors import ProductNotFound
from shared.catalog.domain.facts import product_facts
from shared.catalog.domain.product import Product
from shared.catalog.domain.rule import Evaluator
from shared.catalog.ports import CatalogUnitOfWork
from shared.kernel.broken_rules import BrokenRule
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateLine:
    """An order line that somebody might place."""

    product_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateAgainstRules:
    """Ask about a *candidate* at a moment, or now."""

    candidate: Product | CandidateLine
    at: datetime | None = None


class Quote(Protocol):
    """A product as an order sees it."""

    @property
    def is_confidential(self) -> bool: ...
    def broken_by(self, quantity: int, /, *, at: datetime) -> Sequence[BrokenRule]:
        """Return the rules that an order line breaks."""
        ...


class Quotes(Protocol):
    """Products as orders see them."""

    def quote(self, product_ids: Sequence[str], /) -> Mapping[str, Quote]:
        """Return a quote for each product that exists."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateAgainstRulesHandler:
    """Asks the same rules in the same way as the commands do; nothing is written."""

    uow: CatalogUnitOfWork
    quotes: Quotes
    clock: Clock
    evaluate: Evaluator

    def __call__(self, query: ValidateAgainstRules, /) -> Sequence[BrokenRule]:
        """Return every rule that the candidate breaks, none for one that is fine.

        `ProductNotFound` for a line over a product that is not on public sale.
        """
        at = query.at or self.clock.now()
        match query.candidate:
            case CandidateLine(product_id=product_id, quantity=quantity):
                quote = self.quotes.quote([product_id]).get(product_id)
                if quote is None or quote.is_confidential:
                    raise ProductNotFound(product_id)
                return quote.broken_by(quantity, at=at)
            case product:
                book = self.uow.product_rules()
                return book.broken_by(product_facts(product), at=at, evaluate=self.evaluate)
