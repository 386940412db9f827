"""Money is exact: nothing is rounded away, mixed or lost."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.currencies import EXPONENTS
from shared.kernel.errors import DomainError, ValidationFailed
from shared.kernel.money import MAX_AMOUNT, MixedCurrencies, Money

amounts = st.integers(-(10**12), 10**12)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)
currencies = st.sampled_from(sorted(EXPONENTS))


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def test_the_currency_list_is_the_published_one() -> None:
    """165 entries of list one of 2026-01-01 have minor units, BGN no longer among them."""
    assert len(EXPONENTS) == 165
    assert EXPONENTS["JPY"] == 0
    assert EXPONENTS["KWD"] == 3
    assert EXPONENTS["CLF"] == 4
    assert {"BGN", "XAU", "XXX", "eur", "DEM"}.isdisjoint(EXPONENTS)
    assert all(len(code) == 3 and code.isupper() for code in EXPONENTS)


@pytest.mark.parametrize("amount", [True, 1.0, "1", None, Decimal(1)])
def test_an_amount_is_an_integer(amount: Any) -> None:
    with pytest.raises(TypeError, match="whole number of minor units"):
        Money(amount, "EUR")


@pytest.mark.parametrize("currency", ["XYZ", "eur", "", None, "XAU"])
def test_a_currency_is_a_real_one(currency: Any) -> None:
    with pytest.raises(ValidationFailed) as refused:
        Money(1, currency)
    assert refused.value.errors[0]["loc"] == ("currency",)


def test_an_amount_has_a_range_that_arithmetic_cannot_leave() -> None:
    largest = eur(MAX_AMOUNT)
    assert eur(-MAX_AMOUNT) == -largest
    beyond: list[Callable[[], Money]] = [
        lambda: largest + eur(1),
        lambda: -largest - eur(1),
        lambda: largest * 2,
    ]
    for too_large in beyond:
        with pytest.raises(ValidationFailed, match="too large"):
            too_large()


def test_arithmetic_stays_exact() -> None:
    assert eur(250) + eur(50) == eur(300)
    assert eur(250) - eur(300) == eur(-50)
    assert eur(333) * 3 == 3 * eur(333) == eur(999)
    assert abs(eur(-5)) == -eur(-5) == eur(5)
    assert Money.zero("EUR") == eur(0)


@pytest.mark.parametrize("factor", [1.5, True, Decimal(2), "2"])
def test_money_is_multiplied_by_integers_only(factor: Any) -> None:
    with pytest.raises(TypeError):
        eur(100) * factor


def test_currencies_do_not_mix() -> None:
    pounds = Money(1, "GBP")
    for mix in (
        lambda: eur(1) + pounds,
        lambda: eur(1) - pounds,
        lambda: eur(1) < pounds,
        lambda: eur(1) <= pounds,
        lambda: eur(1) > pounds,
        lambda: eur(1) >= pounds,
        lambda: eur(1).differs_by_more_than(1, of=pounds),
        lambda: Money.sum_of([pounds], "EUR"),
    ):
        with pytest.raises(MixedCurrencies) as refused:
            mix()
        assert isinstance(refused.value, DomainError)
        assert refused.value.details == {"currencies": ["EUR", "GBP"]}
    assert eur(1) != pounds


def test_money_does_not_combine_with_numbers() -> None:
    number: Any = 1
    with pytest.raises(TypeError, match="money combines with money"):
        eur(1) + number
    assert eur(1) != number


def test_order_is_that_of_the_amounts() -> None:
    assert eur(1) < eur(2) <= eur(2) < eur(3)
    assert eur(3) > eur(2) >= eur(2) > eur(-2)


def test_a_sum_starts_at_zero() -> None:
    assert Money.sum_of([], "EUR") == eur(0)
    assert Money.sum_of([eur(1), eur(2), eur(-4)], "EUR") == eur(-1)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.34", "EUR", 1234),
        ("-0.01", "EUR", -1),
        ("5", "EUR", 500),
        ("007.50", "EUR", 750),
        ("1.5000", "EUR", 150),
        ("0.000", "JPY", 0),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
    ],
)
def test_decimal_text_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert Money.of(text, currency) == Money(minor, currency)
    assert Money.of(Decimal(text), currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("1.005", "money_precision"),
        (Decimal("1e-999999"), "money_precision"),
        (Decimal("1e999999"), "money_range"),
        ("9" * 5000, "money_range"),
        ("90071992547409.92", "money_range"),
        (Decimal("NaN"), "money_parsing"),
        (Decimal("-Infinity"), "money_parsing"),
        ("1e3", "money_parsing"),
        ("1_000", "money_parsing"),
        ("1,50", "money_parsing"),
        (" 1", "money_parsing"),
        ("1\n", "money_parsing"),
        ("١٢", "money_parsing"),  # digits, but not those of a price
        ("", "money_parsing"),
        (".5", "money_parsing"),
    ],
)
def test_text_that_is_no_exact_amount_is_refused(value: Decimal | str, rule: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        Money.of(value, "EUR")
    assert [(error["loc"], error["type"]) for error in refused.value.errors] == [
        (("amount",), rule)
    ]


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (eur(-123450), "-1234.50 EUR"),
        (eur(5), "0.05 EUR"),
        (Money(5, "JPY"), "5 JPY"),
        (Money(-7, "KWD"), "-0.007 KWD"),
    ],
)
def test_format(money: Money, text: str) -> None:
    assert money.format() == text


@given(amounts, currencies)
def test_what_format_writes_is_read_back(amount: int, currency: str) -> None:
    money = Money(amount, currency)
    assert Money.of(money.format().removesuffix(f" {currency}"), currency) == money


@given(amounts, weights)
def test_an_allocation_sums_to_the_whole(amount: int, parts: list[int]) -> None:
    shares = eur(amount).allocate(parts)
    assert len(shares) == len(parts)
    assert Money.sum_of(shares, "EUR") == eur(amount)


@given(amounts, weights)
def test_no_share_is_a_whole_unit_from_its_proportion(amount: int, parts: list[int]) -> None:
    total = sum(parts)
    for share, weight in zip(eur(amount).allocate(parts), parts, strict=True):
        assert abs(share.amount * total - amount * weight) < total


@given(amounts, weights)
def test_the_units_left_over_go_to_the_largest_remainders(amount: int, parts: list[int]) -> None:
    total = sum(parts)
    remainders: dict[bool, list[int]] = {True: [], False: []}
    for share, weight in zip(eur(amount).allocate(parts), parts, strict=True):
        floor, remainder = divmod(abs(amount) * weight, total)
        remainders[abs(share.amount) > floor].append(remainder)
    assert min(remainders[True], default=total) >= max(remainders[False], default=0)


@given(amounts, weights)
def test_a_refund_is_allocated_like_its_payment(amount: int, parts: list[int]) -> None:
    assert [-share for share in eur(-amount).allocate(parts)] == eur(amount).allocate(parts)


def test_of_equal_remainders_the_first_is_served() -> None:
    assert eur(5).allocate([1, 1, 1]) == [eur(2), eur(2), eur(1)]
    assert eur(100).allocate([0, 1]) == [eur(0), eur(100)]


@pytest.mark.parametrize("parts", [[], [0, 0], [1, -1, 1]])
def test_weights_that_mean_nothing_are_refused(parts: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        eur(1).allocate(parts)


@given(amounts, st.integers(1, 50))
def test_even_shares_differ_by_a_unit_at_most(amount: int, parts: int) -> None:
    shares = [share.amount for share in eur(amount).split(parts)]
    assert sum(shares) == amount
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize(
    ("new", "old", "more"),
    [
        (120, 100, False),
        (121, 100, True),
        (80, 100, False),
        (79, 100, True),
        (1, 0, True),
        (0, 0, False),
    ],
)
def test_a_twenty_percent_change_is_compared_exactly(new: int, old: int, *, more: bool) -> None:
    assert eur(new).differs_by_more_than(20, of=eur(old)) is more


def test_money_is_a_value() -> None:
    assert len({eur(1), eur(1), eur(2)}) == 2
    with pytest.raises(AttributeError):
        eur(1).amount = 2  # type: ignore[misc]
