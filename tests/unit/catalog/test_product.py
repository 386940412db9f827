"""Products and what may be done to them."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.catalog.domain.errors import PriceChangeTooLarge
from shared.catalog.domain.product import MAX_OVERVIEW, Product
from shared.kernel.errors import ValidationFailed
from shared.kernel.money import Money
from tests.unit.catalog.fakes import GBP, NOW, a_product

LATER = NOW + timedelta(hours=1)


def test_a_product_is_created() -> None:
    product = a_product()
    assert (product.version, product.created_at, product.updated_at) == (1, NOW, NOW)
    (event,) = product.pending_events
    assert event.type == "product.created"
    assert event.to_data() == {
        "product_id": "p-1",
        "mnemonic": "TEAPOT",
        "overview": "A teapot.",
        "is_confidential": False,
        "price": {"amount": 1_000, "currency": "GBP"},
        "category": "uncategorised",
        "tags": [],
    }


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(ValidationFailed) as refused:
        Product.create(
            "p-1",
            mnemonic="tea pot",
            overview="x" * (MAX_OVERVIEW + 1),
            is_confidential=False,
            price=Money(-1, GBP),
            at=NOW,
        )
    assert [error["loc"] for error in refused.value.errors] == [
        ("mnemonic",),
        ("overview",),
        ("price", "amount"),
    ]


@pytest.mark.parametrize("mnemonic", ["", "A" * 51, "tea", "TÉA", "TEA-POT", "TEA\n", "\u0661"])
def test_mnemonics_that_are_none(mnemonic: str) -> None:
    with pytest.raises(ValidationFailed):
        a_product(mnemonic=mnemonic)


@pytest.mark.parametrize("mnemonic", ["T", "A" * 50, "TEA_2", "_", "0"])
def test_mnemonics(mnemonic: str) -> None:
    assert a_product(mnemonic=mnemonic).mnemonic == mnemonic


@pytest.mark.parametrize(
    ("change", "published"),
    [
        ({"overview": "New."}, {"overview": "New."}),
        ({"is_confidential": True}, {"is_confidential": True}),
        ({"price": Money(1_100, GBP)}, {"price": {"amount": 1_100, "currency": "GBP"}}),
        ({"overview": "A teapot.", "is_confidential": True}, {"is_confidential": True}),
        ({"overview": ""}, {"overview": ""}),
    ],
)
def test_what_differs_is_changed_and_told(
    change: dict[str, Any], published: dict[str, Any]
) -> None:
    product = a_product()
    product.change(at=LATER, may_publish=True, **change)
    assert (product.version, product.updated_at) == (2, LATER)
    assert product.pending_events[1].to_data() == {"product_id": "p-1", "changes": published}
    assert {name: getattr(product, name) for name in change} == change


def test_setting_what_is_set_already_changes_nothing() -> None:
    product = a_product()
    product.change(at=LATER, overview="A teapot.", is_confidential=False, price=Money(1_000, GBP))
    assert (product.version, product.updated_at) == (1, NOW)


def test_a_change_that_is_refused_changes_nothing() -> None:
    product = a_product()
    with pytest.raises(ValidationFailed):
        product.change(at=LATER, overview="x" * (MAX_OVERVIEW + 1), is_confidential=True)
    with pytest.raises(PriceChangeTooLarge):
        product.change(at=LATER, overview="New.", price=Money(1, GBP))
    assert (product.version, product.overview, product.is_confidential) == (1, "A teapot.", False)


@pytest.mark.row("PRM-04")
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_fifth_more_or_less_is_the_limit(before: int, after: int) -> None:
    product = a_product(price=before)
    too_far = abs(after - before) * 5 > before
    if too_far:
        with pytest.raises(PriceChangeTooLarge):
            product.change(at=LATER, price=Money(after, GBP))
        product.change(at=LATER, price=Money(after, GBP), any_price=True)
    else:
        product.change(at=LATER, price=Money(after, GBP))
    assert product.price == Money(after, GBP)


@pytest.mark.row("PRM-04")
def test_another_currency_is_too_far() -> None:
    product = a_product()
    with pytest.raises(PriceChangeTooLarge) as refused:
        product.change(at=LATER, price=Money(1_000, "EUR"))
    assert refused.value.details == {"limit_percent": 20, "needed": ["product:admin"]}
    product.change(at=LATER, price=Money(1_000, "EUR"), any_price=True)
