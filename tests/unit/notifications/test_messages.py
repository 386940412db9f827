from dataclasses import replace

import pytest

from shared.kernel.money import Money
from shared.notifications.domain.messages import message_about
from shared.notifications.domain.occasions import (
    Occasion,
    OrderCancelled,
    OrderCompleted,
    OrderFailed,
    Shortage,
    Welcome,
)

COMPLETED = OrderCompleted(order_id="order-1", total=Money(5990, "EUR"))
DECLINED = OrderFailed(order_id="order-1", message="The card was declined")
OUT_OF_STOCK = OrderFailed(
    order_id="order-1",
    message="Out of stock.",
    shortages=[
        Shortage(product="TEAPOT", requested=3, available=1),
        Shortage(product="MUG", requested=2, available=0),
    ],
)
CANCELLED = OrderCancelled(order_id="order-1", by="customer", paid=False)
EVERYTHING: list[Occasion] = [Welcome(), COMPLETED, DECLINED, OUT_OF_STOCK, CANCELLED]


def body(occasion: Occasion) -> str:
    _, text = message_about(occasion)
    return text.body


def test_a_completed_order() -> None:
    kind, text = message_about(COMPLETED)
    assert (kind, text.subject) == ("order_completed", "Thank you for your order")
    assert text.body == (
        "Hello,\n\n"
        "We have received your payment of 59.90 EUR.\n\n"
        "Everything you ordered is set aside for you; there is nothing more for you to do.\n\n"
        "Your order: order-1\n\n"
        "Tradewind"
    )


def test_a_declined_card_is_explained() -> None:
    assert "The card was declined.\n\nYou have not been charged" in body(DECLINED)
    assert "another way of paying" in body(DECLINED)


def test_what_is_missing_is_listed() -> None:
    kind, text = message_about(OUT_OF_STOCK)
    assert (kind, text.subject) == ("order_failed", "We do not have everything you ordered")
    assert (
        "- TEAPOT: you asked for 3, we have 1\n- MUG: you asked for 2, we have none left"
    ) in text.body
    assert "You have not been charged" in text.body


def test_a_cancellation_says_what_becomes_of_the_money() -> None:
    assert "You will not be charged." in body(CANCELLED)
    paid = replace(CANCELLED, paid=True)
    assert "What you paid goes back in full" in body(paid)


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("customer", "Your order has been cancelled, as you asked.\n"),
        ("staff", "We are sorry: we have had to cancel your order.\n"),
        ("system", "We are sorry: your order could not be carried out and has been cancelled.\n"),
        (None, "Your order has been cancelled.\n"),
        ("somebody new", "Your order has been cancelled.\n"),
    ],
)
def test_a_cancellation_says_by_whom(by: str | None, said: str) -> None:
    assert f"\n\n{said}" in body(replace(CANCELLED, by=by))
    assert ("as you asked" in body(replace(CANCELLED, by=by))) == (by == "customer")


def test_an_order_over_nothing_is_not_spoken_of_as_money() -> None:
    done = body(replace(COMPLETED, total=Money(0, "EUR")))
    assert "There is nothing to pay: your order is free of charge." in done
    called_off = body(replace(CANCELLED, free=True))
    for said in (done, called_off):
        assert "0.00" not in said
        assert "payment" not in said
        assert "paid" not in said
        assert "charged" not in said


@pytest.mark.parametrize("occasion", EVERYTHING)
def test_every_letter_is_addressed_and_signed(occasion: Occasion) -> None:
    _, text = message_about(occasion)
    assert text.body.startswith("Hello,\n\n")
    assert text.body.endswith("\n\nTradewind")
    assert "\n" not in text.subject
    assert "None" not in text.body
