"""Which products somebody wants to see: specifications over `ProductDetails`."""

from dataclasses import dataclass
from typing import Any

from shared.kernel.errors import ValidationFailed
from shared.kernel.specification import Attribute, Comparison, Specification, all_of


def in_category(category: str) -> Specification[Any]:
    """Products of that category."""
    return Attribute("category", Comparison.EQUAL, category)


def tagged(tag: str) -> Specification[Any]:
    """Products with that tag."""
    return Attribute("tags", Comparison.CONTAINS, tag)


def named_like(prefix: str) -> Specification[Any]:
    """Products whose mnemonic starts so."""
    return Attribute("mnemonic", Comparison.BEGINS_WITH, prefix)


def priced(currency: str, least: int | None, most: int | None) -> Specification[Any]:
    """Products priced in that currency, from *least* to *most* minor units."""
    wanted: Specification[Any] = Attribute("price.currency", Comparison.EQUAL, currency)
    if least is not None:
        wanted &= Attribute("price.amount", Comparison.AT_LEAST, least)
    if most is not None:
        wanted &= Attribute("price.amount", Comparison.AT_MOST, most)
    return wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFilter:
    """Everything a list of products can be narrowed by; ``None`` narrows nothing.

    Prices compare within one currency: `ValidationFailed` for a bound without it.
    """

    category: str | None = None
    tag: str | None = None
    mnemonic: str | None = None
    currency: str | None = None
    least: int | None = None
    most: int | None = None

    def __post_init__(self) -> None:
        if (self.least, self.most) != (None, None):
            self.check_one_currency()

    def check_one_currency(self) -> None:
        """Raise `ValidationFailed` unless all prices are in one currency."""
        if self.currency is None:
            text = "Name the currency of the prices: they compare within one."
            raise ValidationFailed.of("currency", text, "missing")

    def specification(self) -> Specification[Any] | None:
        """Return what meets all of it; ``None`` for every product."""
        parts: list[Specification[Any]] = []
        if self.mnemonic:
            parts.append(named_like(self.mnemonic))
        if self.category:
            parts.append(in_category(self.category))
        if self.tag:
            parts.append(tagged(self.tag))
        if self.currency:
            parts.append(priced(self.currency, self.least, self.most))
        return all_of(parts)
