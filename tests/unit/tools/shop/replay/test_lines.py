"""Every kind of line is recognised."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.shop.replay.lines import Line, Reason, Refused, classify, mnemonic
from tools.shop.replay.source import Row

SALE = Row(2, "536365", "85123A", "HOLDER", "6", "12-01-2010 08:26", "2.55", "17850", "EIRE")


def _one(**changes: str) -> Line | Refused:
    (found,) = classify([dataclasses.replace(SALE, **changes)])  # type: ignore[arg-type]
    return found


def test_a_sale_is_read_exactly() -> None:
    line = _one(price="27.5", customer="17850.0")
    assert isinstance(line, Line)
    assert (line.quantity, line.price, line.customer) == (6, 2750, "17850")
    assert not line.is_cancellation


def test_a_cancellation_is_a_line_with_a_negative_quantity() -> None:
    line = _one(invoice="C536379", quantity="-6")
    assert isinstance(line, Line)
    assert line.is_cancellation


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code": "POST"}, Reason.SERVICE),
        ({"code": "BANK CHARGES"}, Reason.SERVICE),
        ({"code": "m"}, Reason.SERVICE),
        ({"code": "AMAZONFEE", "price": "-1.5"}, Reason.SERVICE),
        ({"code": "gift_0001_40"}, Reason.SERVICE),
        ({"code": "D", "invoice": "C1", "quantity": "-1"}, Reason.SERVICE),
        ({"quantity": "0"}, Reason.ZERO_QUANTITY),
        ({"quantity": "-3"}, Reason.NEGATIVE_QUANTITY),
        ({"invoice": "C536379"}, Reason.POSITIVE_CANCELLATION),
        ({"quantity": "100001"}, Reason.HUGE_QUANTITY),
        ({"price": "-0.01"}, Reason.NEGATIVE_PRICE),
        ({"price": "0"}, Reason.ZERO_PRICE),
        ({"price": "0.001"}, Reason.PART_PENNY),
        ({"price": "99999999999.00"}, Reason.HUGE_PRICE),
        ({"customer": ""}, Reason.NO_CUSTOMER),
        ({"quantity": "six"}, Reason.UNREADABLE),
        ({"quantity": "1.5"}, Reason.UNREADABLE),
        ({"quantity": "NaN"}, Reason.UNREADABLE),
        ({"price": "1e999999999"}, Reason.UNREADABLE),
        ({"price": "Infinity"}, Reason.UNREADABLE),
        ({"date": "yesterday"}, Reason.UNREADABLE),
        ({"code": ""}, Reason.UNREADABLE),
    ],
    ids=str,
)
def test_what_no_order_can_hold_is_refused(changes: dict[str, str], reason: Reason) -> None:
    assert _one(**changes) == Refused(2, reason)


@pytest.mark.parametrize("code", ["DCGSSBOY", "PADS", "85123A", "MUG 1"])
def test_unusual_codes_of_products_are_products(code: str) -> None:
    assert isinstance(_one(code=code), Line)


@given(code=st.text(min_size=1))
def test_every_code_becomes_a_mnemonic(code: str) -> None:
    made = mnemonic(code)
    assert 1 <= len(made) <= 50
    assert set(made) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


def test_small_letters_mean_the_same_product() -> None:
    assert mnemonic("85123a") == mnemonic("85123A") == "85123A"


@given(quantity=st.text(max_size=30), price=st.text(max_size=30), date=st.text(max_size=20))
def test_no_text_makes_it_crash(quantity: str, price: str, date: str) -> None:
    _one(quantity=quantity, price=price, date=date)
