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
CANCELLED = OrderCancelled(order_id="order-1", reason="Ordered twice.", paid=False)
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
    paid = OrderCancelled(order_id="order-1", reason=None, paid=True)
    assert "What you paid goes back in full" in body(paid)


def test_what_somebody_wrote_is_in_no_letter() -> None:
    """Whoever registers with a stranger's address must not write to the stranger."""
    forged = OrderCancelled(order_id="order-1", reason="You won: http://evil.example", paid=False)
    assert "won" not in body(forged)
    assert "evil" not in body(forged)


@pytest.mark.parametrize("occasion", EVERYTHING)
def test_every_letter_is_addressed_and_signed(occasion: Occasion) -> None:
    _, text = message_about(occasion)
    assert text.body.startswith("Hello,\n\n")
    assert text.body.endswith("\n\nTradewind")
    assert "\n" not in text.subject
    assert "None" not in text.body
