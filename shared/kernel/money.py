"""Money: whole minor units of one currency, never a float."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from shared.kernel.currencies import exponent_of, minor_units
from shared.kernel.errors import DomainError, ValidationFailed

if TYPE_CHECKING:
    from decimal import Decimal

MAX_AMOUNT = 2**53 - 1
"""Largest amount either side of zero: integers beyond it lose digits in JSON readers that use
doubles (RFC 8259 §6)."""


class MixedCurrencies(DomainError):
    """Two amounts in different currencies were added, subtracted or put in order."""

    code = "CURRENCY_MISMATCH"
    sentence = "Amounts in different currencies cannot be combined: {currencies}."

    def __init__(self, left: str, right: str) -> None:
        super().__init__(details={"currencies": [left, right]})


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: ``amount`` minor units (cents) of ``currency`` (ISO 4217).

    Raises ``TypeError`` for an amount that is not an ``int``, :class:`ValidationFailed` for an
    unknown currency or an amount beyond :data:`MAX_AMOUNT`, results of arithmetic included.
    """

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            msg = f"an amount is a whole number of minor units, not {type(self.amount).__name__}"
            raise TypeError(msg)
        exponent_of(self.currency)
        if not -MAX_AMOUNT <= self.amount <= MAX_AMOUNT:
            raise ValidationFailed.of("amount", "This amount is too large.", "money_range")

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return nothing, in *currency*."""
        return cls(0, currency)

    @classmethod
    def of(cls, value: "Decimal | str", currency: str) -> Self:
        """Return *value* major units (``"12.34"``), exactly.

        Raises :class:`ValidationFailed` for what is not a finite decimal number, or has more
        decimal places than the currency.
        """
        return cls(minor_units(value, currency), currency)

    @classmethod
    def sum_of(cls, amounts: Iterable["Money"], currency: str) -> Self:
        """Return the sum of *amounts*, zero for none; every one must be in *currency*."""
        total = 0
        for money in amounts:
            if money.currency != currency:
                raise MixedCurrencies(currency, money.currency)
            total += money.amount
        return cls(total, currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, factor: int) -> "Money":
        if type(factor) is not int:
            return NotImplemented
        return Money(self.amount * factor, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.amount), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def allocate(self, weights: Sequence[int]) -> list["Money"]:
        """Share out in proportion to *weights*: whole minor units that sum to this amount.

        Largest remainder method: each share is its exact proportion rounded towards zero, and the
        units left over go one each to the largest remainders, the first of equals first. Raises
        ``ValueError`` unless the weights are non-negative and one is positive.
        """
        total = sum(weights)
        if min(weights, default=-1) < 0 or total == 0:
            msg = "weights are non-negative and not all zero"
            raise ValueError(msg)
        sign, whole = (-1 if self.amount < 0 else 1), abs(self.amount)
        shares = [whole * weight // total for weight in weights]
        by_remainder = sorted(
            range(len(weights)), key=lambda i: whole * weights[i] % total, reverse=True
        )
        for i in by_remainder[: whole - sum(shares)]:
            shares[i] += 1
        return [Money(sign * share, self.currency) for share in shares]

    def split(self, parts: int) -> list["Money"]:
        """Share out evenly; no two of the *parts* shares differ by more than one minor unit."""
        return self.allocate([1] * parts)

    def differs_by_more_than(self, percent: int, *, of: "Money") -> bool:
        """Tell whether this is over *percent* % away from *of*, in either direction.

        Exact integers: 120 does not differ from 100 by more than 20 %. Anything but zero differs
        from zero by more than any percentage.
        """
        return abs(self.amount - self._same(of)) * 100 > abs(of.amount) * percent

    def format(self) -> str:
        """Return ``"-1234.50 EUR"``: all decimal places, no grouping, the code last."""
        places = exponent_of(self.currency)
        digits = f"{abs(self.amount):0{places + 1}d}"
        number = f"{digits[:-places]}.{digits[-places:]}" if places else digits
        return f"{'-' if self.amount < 0 else ''}{number} {self.currency}"

    def _same(self, other: object) -> int:
        if not isinstance(other, Money):
            msg = f"money combines with money only, not {type(other).__name__}"
            raise TypeError(msg)
        if other.currency != self.currency:
            raise MixedCurrencies(self.currency, other.currency)
        return other.amount
