"""The three orders of the demo, and how each must end."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An order of *product* and what it must lead to.

    *quantity* pieces, or where *beyond_stock* so many more than are available. *payment* is the
    status of the payment, None where none may be tried; *sells* whether the goods are sold and
    the money kept.
    """

    title: str
    colour: str
    product: str
    quantity: int
    beyond_stock: bool = False
    payment_method: str
    outcome: str
    status: str
    last_event: str
    payment: str | None
    sells: bool
    notification: str


STORIES = (
    Story(
        title="Paid",
        colour="green",
        product="SKILLET_IRON_26",
        quantity=2,
        payment_method="pm_card_visa",
        outcome="completed",
        status="paid",
        last_event="order.completed",
        payment="succeeded",
        sells=True,
        notification="order_completed",
    ),
    Story(
        title="Card declined",
        colour="yellow",
        product="LAMP_READING_LED",
        quantity=1,
        payment_method="pm_card_chargeDeclined",
        outcome="failed",
        status="payment_failed",
        last_event="order.failed",
        payment="failed",
        sells=False,
        notification="order_failed",
    ),
    Story(
        title="More than there is",
        colour="magenta",
        product="PEN_FOUNTAIN_M",
        quantity=5,
        beyond_stock=True,
        payment_method="pm_card_visa",
        outcome="rejected",
        status="rejected",
        last_event="order.failed",
        payment=None,
        sells=False,
        notification="order_failed",
    ),
)
