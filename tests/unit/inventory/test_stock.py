"""Adjusting stock."""

import pytest

from shared.inventory.domain.balance import Balance, Movement
from shared.inventory.domain.errors import InsufficientStock, StockLimitExceeded
from shared.inventory.domain.stock import MAX_RECEIVED, Stock


def test_units_come_in_and_are_written_off() -> None:
    stock = Stock("p-1")
    assert stock.adjust(10, reason="delivery") == Movement(available=10, received=10)
    assert stock.adjust(-4, reason="broken") == Movement(available=-4, received=-4)
    assert stock.balance == Balance(available=6, received=6)
    assert stock.version == 2
    assert [event.to_data() for event in stock.pending_events] == [
        {"product_id": "p-1", "quantity": 10, "reason": "delivery", "available": 10},
        {"product_id": "p-1", "quantity": -4, "reason": "broken", "available": 6},
    ]


def test_only_what_is_on_offer_can_be_written_off() -> None:
    stock = Stock("p-1", balance=Balance(available=2, reserved=5, received=7), version=1)
    with pytest.raises(InsufficientStock) as refused:
        stock.adjust(-3, reason="broken")
    assert refused.value.details == {"requested": 3, "available": 2}
    assert stock.pending_events == ()


def test_what_is_counted_stays_exact_in_json() -> None:
    with pytest.raises(StockLimitExceeded):
        Stock("p-1").adjust(MAX_RECEIVED + 1, reason="delivery")
