"""A product: what it is called, how it is described, and what it costs now."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from shared.catalog.domain.errors import AudienceChangeDenied, PriceChangeTooLarge
from shared.catalog.domain.events import ProductCreated, ProductUpdated
from shared.catalog.domain.labels import UNCATEGORISED, label_errors
from shared.catalog.domain.price_history import PricePoint, price_at
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import FieldError, ValidationFailed
from shared.kernel.events import plain
from shared.kernel.lazy import Lazy
from shared.kernel.money import Money

MNEMONIC = re.compile(r"[A-Z0-9_]{1,50}")
MAX_OVERVIEW = 1_000
PRICE_CHANGE_LIMIT_PERCENT = 20
"""Beyond this, in either direction or into another currency, a price change needs an admin."""
PRICE_CHANGE_WINDOW = timedelta(days=1)
"""How far back the price is that another one is held against: many small steps are one."""


class Product(Aggregate):
    """One thing that is sold. Its mnemonic is its name for people: unique and for ever."""

    aggregate_type = "Product"

    def __init__(  # noqa: PLR0913  # a product has as many parts
        self,
        id: str,
        *,
        mnemonic: str,
        overview: str,
        is_confidential: bool,
        price: Money,
        created_at: datetime,
        updated_at: datetime,
        category: str = UNCATEGORISED,
        tags: Iterable[str] = (),
        price_history: Lazy[tuple[PricePoint, ...]] | None = None,
        version: int = 0,
    ) -> None:
        super().__init__(id, version=version)
        self.mnemonic = mnemonic
        self.overview = overview
        self.is_confidential = is_confidential
        self.price = price
        self.category = category
        self.tags = tuple(tags)
        self.created_at = created_at
        self.updated_at = updated_at
        self.price_history = price_history or Lazy.of(())
        """Every price that has been committed, oldest first: one more read, of all its events."""

    @classmethod
    def create(
        cls,
        id: str,
        *,
        mnemonic: str,
        overview: str,
        is_confidential: bool,
        price: Money,
        at: datetime,
        category: str = UNCATEGORISED,
        tags: Iterable[str] = (),
    ) -> "Product":
        """Return a new product; :class:`ValidationFailed` lists everything wrong with it."""
        product = cls(
            id,
            mnemonic=mnemonic,
            overview=overview,
            is_confidential=is_confidential,
            price=price,
            category=category,
            tags=tags,
            created_at=at,
            updated_at=at,
        )
        product._check()
        product._record(
            ProductCreated(
                product_id=id,
                mnemonic=mnemonic,
                overview=overview,
                is_confidential=is_confidential,
                price=plain(price),
                category=category,
                tags=list(product.tags),
            )
        )
        return product

    def change(
        self,
        *,
        at: datetime,
        overview: str | None = None,
        is_confidential: bool | None = None,
        price: Money | None = None,
        category: str | None = None,
        tags: Iterable[str] | None = None,
        any_price: bool = False,
        may_publish: bool = False,
    ) -> None:
        """Set what is given; setting everything to what it is already changes nothing.

        Raises :class:`ValidationFailed`, :class:`AudienceChangeDenied` unless *may_publish*, and
        :class:`PriceChangeTooLarge` for a price over `PRICE_CHANGE_LIMIT_PERCENT` away from what
        it was `PRICE_CHANGE_WINDOW` ago (at first, for a younger product), unless *any_price*.
        """
        wanted = {
            "overview": overview,
            "is_confidential": is_confidential,
            "price": price,
            "category": category,
            "tags": None if tags is None else tuple(tags),
        }
        changes: dict[str, Any] = {
            name: value
            for name, value in wanted.items()
            if value is not None and value != getattr(self, name)
        }
        self._check(**changes)
        if "is_confidential" in changes and not may_publish:
            raise AudienceChangeDenied
        if "price" in changes and not any_price and self._too_far(changes["price"], at):
            raise PriceChangeTooLarge(PRICE_CHANGE_LIMIT_PERCENT)
        if not changes:
            return
        for name, value in changes.items():
            setattr(self, name, value)
        self.updated_at = at
        self._record(ProductUpdated(product_id=self.id, changes=plain(changes)))

    def _too_far(self, price: Money, at: datetime) -> bool:
        before = self._price_at(at - PRICE_CHANGE_WINDOW)
        return price.currency != before.currency or price.differs_by_more_than(
            PRICE_CHANGE_LIMIT_PERCENT, of=before
        )

    def _price_at(self, moment: datetime) -> Money:
        """Return what it cost then; the history is read only if it was changed since."""
        if self.updated_at <= moment:
            return self.price
        then = price_at(self.price_history.value, moment)
        return Money(then.amount, then.currency) if then else self.price

    def _check(self, **changes: Any) -> None:
        """Raise :class:`ValidationFailed` for what the product would be after *changes*."""
        seen = {**vars(self), **changes}
        errors: list[FieldError] = []
        if not MNEMONIC.fullmatch(seen["mnemonic"]):
            text = "Must be 1 to 50 capital letters, digits and underscores."
            errors.append({"loc": ("mnemonic",), "msg": text, "type": "mnemonic"})
        if len(seen["overview"]) > MAX_OVERVIEW:
            text = f"Must have at most {MAX_OVERVIEW} characters."
            errors.append({"loc": ("overview",), "msg": text, "type": "string_too_long"})
        if seen["price"].amount < 0:
            text = "Must be at least 0."
            errors.append({"loc": ("price", "amount"), "msg": text, "type": "greater_than_equal"})
        errors.extend(label_errors(seen["category"], seen["tags"]))
        if errors:
            raise ValidationFailed("The product is not valid.", errors)
