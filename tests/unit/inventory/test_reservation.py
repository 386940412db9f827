"""What is held for an order."""

import pytest

from shared.inventory.domain.balance import Balance, Movement
from shared.inventory.domain.demand import MAX_LINES, Demand, Line
from shared.inventory.domain.errors import ReservationNotFound
from shared.inventory.domain.reservation import NOTHING, Reservation, ReservationStatus
from shared.kernel.errors import ValidationFailed
from tests.unit.inventory.fakes import demand

ENOUGH = {"p-1": Balance(available=5, received=5), "p-2": Balance(available=5, received=5)}
BOTH = demand(**{"p-1": 2, "p-2": 3})


def reserved() -> Reservation:
    reservation = Reservation("o-1")
    reservation.reserve(BOTH, ENOUGH)
    reservation.mark_committed()
    return reservation


def types(reservation: Reservation) -> list[str]:
    return [event.type for event in reservation.pending_events]


def test_all_lines_are_held() -> None:
    reservation = Reservation("o-1")
    assert reservation.reserve(BOTH, ENOUGH) == {
        "p-1": Movement.reserve(2),
        "p-2": Movement.reserve(3),
    }
    (event,) = reservation.pending_events
    assert event.type == "inventory.reserved"
    assert event.to_data() == {
        "order_id": "o-1",
        "customer_id": "c-1",
        "lines": [{"product_id": "p-1", "quantity": 2}, {"product_id": "p-2", "quantity": 3}],
    }


def test_one_short_line_is_enough_to_hold_none() -> None:
    reservation = Reservation("o-1")
    balances = ENOUGH | {"p-2": Balance(available=1, reserved=9, received=10)}
    assert reservation.reserve(BOTH, balances) == NOTHING
    (event,) = reservation.pending_events
    assert event.type == "inventory.rejected"
    assert event.to_data()["shortages"] == [
        {"product_id": "p-2", "requested": 3, "available": 1, "short": 2}
    ]


def test_a_product_that_was_never_in_stock_is_short() -> None:
    reservation = Reservation("o-1")
    reservation.reserve(demand(**{"p-9": 1}), {})
    assert reservation.pending_events[0].to_data()["shortages"] == [
        {"product_id": "p-9", "requested": 1, "available": 0, "short": 1}
    ]


def test_it_is_released_once() -> None:
    reservation = reserved()
    assert reservation.release(reason="payment_failed") == {
        "p-1": Movement.release(2),
        "p-2": Movement.release(3),
    }
    assert reservation.release(reason="again") == NOTHING
    assert types(reservation) == ["inventory.released"]


def test_it_is_sold_once() -> None:
    reservation = reserved()
    assert reservation.commit() == {"p-1": Movement.sell(2), "p-2": Movement.sell(3)}
    assert reservation.commit() == NOTHING
    assert types(reservation) == ["inventory.committed"]


def test_a_cancelled_sale_gives_the_units_back_once() -> None:
    reservation = reserved()
    reservation.commit()
    assert reservation.release(reason="changed my mind") == {
        "p-1": Movement.take_back(2),
        "p-2": Movement.take_back(3),
    }
    assert reservation.release(reason="again") == NOTHING


def test_what_was_released_is_not_sold() -> None:
    reservation = reserved()
    reservation.release(reason="changed my mind")
    assert reservation.commit() == NOTHING
    assert reservation.status is ReservationStatus.RELEASED


def test_an_order_called_off_before_it_was_heard_of_never_holds_any() -> None:
    reservation = Reservation("o-1")
    assert reservation.release(reason="changed my mind") == NOTHING
    assert reservation.reserve(BOTH, ENOUGH) == NOTHING
    assert types(reservation) == ["inventory.released"]
    assert reservation.pending_events[0].to_data()["lines"] == []


def test_a_rejected_order_stays_rejected() -> None:
    reservation = Reservation("o-1")
    reservation.reserve(BOTH, {})
    assert reservation.reserve(BOTH, ENOUGH) == NOTHING
    assert reservation.release(reason="changed my mind") == NOTHING
    assert reservation.commit() == NOTHING
    assert types(reservation) == ["inventory.rejected"]


def test_what_was_not_asked_for_is_not_sold() -> None:
    with pytest.raises(ReservationNotFound):
        Reservation("o-1").commit()


def test_lines_of_one_product_are_one() -> None:
    lines = [Line(product_id=id_, quantity=n) for id_, n in [("a", 1), ("b", 2), ("a", 3)]]
    merged = Demand(order_id="o-1", customer_id="c-1", lines=tuple(lines))
    assert merged.lines == (Line(product_id="a", quantity=4), Line(product_id="b", quantity=2))


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [Line(product_id="a", quantity=0)],
        [Line(product_id="a", quantity=2), Line(product_id="a", quantity=-1)],
        [Line(product_id=str(n), quantity=1) for n in range(MAX_LINES + 1)],
    ],
    ids=["none", "zero", "negative", "too many"],
)
def test_a_demand_that_makes_no_sense_is_refused(lines: list[Line]) -> None:
    with pytest.raises(ValidationFailed):
        Demand(order_id="o-1", customer_id="c-1", lines=tuple(lines))
