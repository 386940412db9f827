"""What the orders context refuses, besides the errors of the kernel."""

from collections.abc import Iterable
from datetime import datetime

from shared.kernel.clock import to_iso
from shared.kernel.errors import (
    BusinessRuleViolation,
    FieldError,
    InvalidState,
    NotFound,
    Outdated,
    PreconditionFailed,
    ValidationFailed,
)
from shared.kernel.messages import say
from shared.kernel.money import Money
from shared.orders.domain.order_line import money_data
from shared.orders.domain.status import UNPAID


class OrderNotFound(NotFound):
    """There is no such order, or it is somebody else's."""

    code = "ORDER_NOT_FOUND"
    sentence = "Order {order_id} does not exist."

    def __init__(self, order_id: str) -> None:
        super().__init__(details={"order_id": order_id[:100]})


class OrderVersionNotFound(NotFound):
    """The order never was at that version, or was not placed by that time."""

    code = "ORDER_VERSION_NOT_FOUND"
    sentence = "Order {order_id} was placed at {placed_at} and is at version {version}."

    def __init__(self, order_id: str, *, newest: int, placed_at: datetime) -> None:
        """*newest* is the version of those looked at that comes last."""
        known = {"order_id": order_id, "version": newest, "placed_at": to_iso(placed_at)}
        super().__init__(say(self.sentence, **known), details=known)


class OrderChanged(PreconditionFailed):
    """The order is not at the version that the caller named."""

    sentence = "The order has changed since you read it; its version is now {version}."


class CancellationPeriodOver(InvalidState):
    """The order was paid too long ago for its customer to cancel it; the shop still can."""

    code = "CANCELLATION_PERIOD_OVER"
    sentence = "You could cancel this order until {until}; please write to us."

    def __init__(self, status: str, *, until: datetime) -> None:
        """*until* is when the period ended."""
        text = say(self.sentence, until=to_iso(until))
        super().__init__(text, current=status, expected=[each.value for each in UNPAID])
        self.details["until"] = to_iso(until)


class PriceChanged(Outdated):
    """The catalog is not what the customer said that they saw: nothing was ordered.

    Each of ``errors`` is about one thing that they named, with ``old`` and ``new`` in its params;
    ``total`` is the order's at the prices of this moment.
    """

    code = "PRICE_CHANGED"
    sentence = "The catalog has changed since you read it. The total of the order is now {amount}."

    def __init__(self, total: Money, errors: Iterable[FieldError]) -> None:
        text = say(self.sentence, amount=total.format())
        super().__init__(text, details={"total": money_data(total)}, errors=list(errors))


class ProductNotFound(NotFound):
    """Products that cannot be ordered, listed: unknown, or not on public sale."""

    code = "PRODUCT_NOT_FOUND"
    sentence = "These products do not exist: {product_ids}."

    def __init__(self, product_ids: Iterable[str], *, lines: Iterable[int] = ()) -> None:
        """*lines* are the numbers of the order's lines, from 0, that name one of them."""
        missing = list(product_ids)
        text = f"Product {missing[0]} does not exist." if len(missing) == 1 else None
        errors: list[FieldError] = [
            {
                "loc": ("lines", line, "product_id"),
                "msg": "There is no such product on sale.",
                "type": "product_not_found",
            }
            for line in lines
        ]
        super().__init__(text, details={"product_ids": missing}, errors=errors)


class UnknownPaymentMethod(ValidationFailed):
    """No gateway has this payment method. Which it was is not said: it may be a secret."""

    code = "UNKNOWN_PAYMENT_METHOD"
    sentence = "This payment method is not known."

    def __init__(self) -> None:
        wrong: FieldError = {
            "loc": ("payment_method",), "msg": self.sentence, "type": "unknown_payment_method",
        }  # fmt: skip
        super().__init__(None, [wrong])


class PaymentMethodRequired(ValidationFailed):
    """Something is due, and nothing is named that it could be taken from."""

    code = "PAYMENT_METHOD_REQUIRED"
    sentence = "This order comes to {amount}; name a payment method for it."

    def __init__(self, total: Money) -> None:
        text = say(self.sentence, amount=total.format())
        wrong: FieldError = {"loc": ("payment_method",), "msg": text, "type": "needed"}
        super().__init__(text, [wrong])
        self.details["total"] = money_data(total)


class CurrenciesDiffer(BusinessRuleViolation):
    """The products of one order are priced in several currencies."""

    code = "MIXED_CURRENCIES"
    sentence = "An order is paid in one currency; these products have prices in {currencies}."
    at = ("lines",)

    def __init__(self, currencies: Iterable[str]) -> None:
        super().__init__(details={"currencies": sorted(currencies)})
