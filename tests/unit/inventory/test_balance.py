"""Units are neither made nor lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.inventory.domain.balance import Balance, Movement

units = st.integers(min_value=1, max_value=10**9)


@given(units)
def test_every_movement_keeps_the_sum(quantity: int) -> None:
    balance = Balance() + Movement.receive(quantity)
    assert balance == Balance(available=quantity, received=quantity)
    held = balance + Movement.reserve(quantity)
    assert held == Balance(reserved=quantity, received=quantity)
    assert held + Movement.release(quantity) == balance
    sold = held + Movement.sell(quantity)
    assert sold == Balance(sold=quantity, received=quantity)
    assert sold + Movement.take_back(quantity) == balance
    assert balance + Movement.receive(-quantity) == Balance()


def test_a_movement_that_makes_units_is_refused() -> None:
    with pytest.raises(ValueError, match="from nowhere"):
        Movement(available=1)


@pytest.mark.parametrize(
    "parts",
    [
        {"available": 1, "received": 2},
        {"available": -1, "reserved": 1},
        {"sold": -1, "available": 1},
        {"reserved": -1, "available": 1},
    ],
)
def test_a_balance_that_cannot_be_is_refused(parts: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="units"):
        Balance(**parts)


def test_more_than_there_is_cannot_be_held() -> None:
    with pytest.raises(ValueError, match="fewer than no"):
        Balance(available=2, received=2) + Movement.reserve(3)
