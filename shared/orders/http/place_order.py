"""How an order to place looks."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.kernel.errors import FieldError, ValidationFailed
from shared.kernel.ids import canonical
from shared.kernel.money import MAX_AMOUNT, Money
from shared.orders.domain.order_line import MAX_LINES, MAX_QUANTITY
from shared.orders.use_cases.place_order import PlaceOrder, WantedProduct
from shared.platform.http.models import Body, Given
from shared.platform.validation.currency import CurrencyCode
from shared.platform.validation.no_card import NO_CARD_NUMBER
from shared.platform.validation.sentences import form

_TOKEN = form(
    r"^[a-z]{2,10}_[A-Za-z0-9_]{1,100}$",
    "Must be a token of the payment gateway, such as pm_card_visa.",
)
MAX_VERSION = 2**53 - 1
"""Beyond it integers lose digits in JSON (RFC 8259 §6)."""
_EXAMPLE_ID = "019a5b1e-6d00-7c3f-8a51-3f2f6c1d9b04"


class WantedBody(Body):
    """A product and how many pieces of it."""

    product_id: Annotated[
        str, Field(min_length=1, max_length=100, examples=[_EXAMPLE_ID]), AfterValidator(canonical)
    ]
    quantity: int = Field(ge=1, le=MAX_QUANTITY, examples=[2])
    product_version: int | None = Field(
        default=None, ge=1, le=MAX_VERSION, description="The version that was seen", examples=[3]
    )


class ExpectedTotalBody(Body):
    """What the customer was shown that they would pay, in minor units (cents)."""

    amount: int = Field(ge=0, le=MAX_AMOUNT, examples=[2590])
    currency: CurrencyCode


class PlaceOrderBody(Body):
    """What to order; lines with the same product become one.

    What is named of ``expected_total`` and ``product_version`` holds, or nothing is ordered. The
    payment method is needed where something is due; an order over nothing keeps none, and says so.
    """

    lines: list[WantedBody] = Field(min_length=1, max_length=MAX_LINES)
    # A token that the payment gateway gave out, of a form that no card number has.
    payment_method: Annotated[str, Field(pattern=_TOKEN), NO_CARD_NUMBER] | None = Field(
        default=None,
        description="From what the total may be taken; needed where it is more than 0",
        examples=["pm_card_visa"],
    )
    expected_total: ExpectedTotalBody | None = None

    @classmethod
    def further(cls, given: Given) -> Iterable[FieldError]:
        """Say of which products more are wanted in all than can be."""
        if "lines" not in given.body:
            return ()
        wanted = [WantedProduct(**line) for line in given.body["lines"]]
        try:
            PlaceOrder(customer_id="", wanted=wanted)
        except ValidationFailed as refused:
            return refused.errors
        return ()

    def to_command(self, customer_id: str) -> PlaceOrder:
        """Return the command; `ValidationFailed` when merged quantities exceed the limit."""
        wanted = [WantedProduct(**line.model_dump()) for line in self.lines]
        seen = self.expected_total
        return PlaceOrder(
            customer_id=customer_id,
            wanted=wanted,
            payment_method=self.payment_method,
            expected_total=Money(seen.amount, seen.currency) if seen else None,
        )
