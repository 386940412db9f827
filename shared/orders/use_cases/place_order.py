"""Place an order."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.kernel.broken_rules import BrokenRules
from shared.kernel.errors import FieldError, ValidationFailed
from shared.kernel.ids import IdSource, is_id
from shared.kernel.money import Money
from shared.kernel.refusals import validation_error
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.errors import PriceChanged, ProductNotFound, UnknownPaymentMethod
from shared.orders.domain.order import Order, total_of
from shared.orders.domain.order_line import MAX_LINES, MAX_QUANTITY, OrderLine
from shared.orders.domain.seen import other_total, other_version
from shared.orders.ports import OrdersUnitOfWork, PaymentMethods, Prices, Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedProduct:
    """How many pieces of a product are wanted, and the version of it that was seen."""

    product_id: str
    quantity: int
    product_version: int | None = None
    """``None`` for whichever there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """Order *wanted* for the customer; the same product wanted twice is wanted once, for both.

    A customer may state what they have seen: the total, and the version of each product.

    Raises `ValidationFailed` unless there are 1 to `MAX_LINES` entries and every product is wanted
    1 to `MAX_QUANTITY` times in all.
    """

    customer_id: str
    wanted: Sequence[WantedProduct]
    payment_method: str | None = None
    """From what is due may be taken; needed where something is."""
    expected_total: Money | None = None
    """``None`` for whatever it is at the prices of this moment."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.wanted) <= MAX_LINES:
            raise validation_error("lines", f"An order has 1 to {MAX_LINES} lines.", "length")
        merged = self.quantities
        errors: list[FieldError] = [
            {
                "loc": ("lines", number, "quantity"),
                "msg": f"A product can be ordered 1 to {MAX_QUANTITY} times in one order.",
                "type": "range",
                "params": {"limit": MAX_QUANTITY},
            }
            for number, line in enumerate(self.wanted)
            if line.quantity < 1 or merged[line.product_id] > MAX_QUANTITY
        ]
        if errors:
            raise ValidationFailed(None, errors)

    @property
    def quantities(self) -> dict[str, int]:
        """How much of each product is wanted in all, in the order of first mention."""
        merged: dict[str, int] = {}
        for line in self.wanted:
            merged[line.product_id] = merged.get(line.product_id, 0) + line.quantity
        return merged

    def lines_of(self, product_ids: Collection[str]) -> list[int]:
        """Return the numbers of the entries that want one of the products, from 0."""
        return [n for n, line in enumerate(self.wanted) if line.product_id in product_ids]

    def first_line_of(self, product_id: str) -> int:
        """Return the number of the first entry that wants the product."""
        return next(n for n, line in enumerate(self.wanted) if line.product_id == product_id)

    def outdated(self, quotes: Mapping[str, Quote], total: Money) -> Iterator[FieldError]:
        """Yield what the customer saw and is so no longer, as errors of the request."""
        if self.expected_total not in (None, total):
            yield other_total(seen=self.expected_total, now=total)
        for number, line in enumerate(self.wanted):
            quote = quotes[line.product_id]
            if line.product_version not in (None, quote.version):
                yield other_version(
                    number, seen=line.product_version, now=quote.version, price=quote.price
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrderHandler:
    """Places orders at the catalog's prices of this moment, and by its rules."""

    uow: OrdersUnitOfWork
    prices: Prices
    payment_methods: PaymentMethods
    new_id: IdSource

    def __call__(self, command: PlaceOrder) -> OrderDetails:
        """Return the order.

        `UnknownPaymentMethod` comes before anything is read. `ProductNotFound` names products that
        are not there to be bought, `BrokenRules` every business rule that a line breaks,
        `PriceChanged` all that the customer relied on in vain; `PaymentMethodRequired` comes last,
        once it is known that something is due.
        """
        method = command.payment_method
        if method is not None and not self.payment_methods.knows(method):
            raise UnknownPaymentMethod
        quantities = command.quantities
        quotes = self.prices.quote([id for id in quantities if is_id(id)])
        missing = [
            id for id in quantities if (quote := quotes.get(id)) is None or quote.is_confidential
        ]
        if missing:
            raise ProductNotFound(missing, lines=command.lines_of(missing))
        lines = [
            OrderLine(
                product_id=id,
                mnemonic=quotes[id].mnemonic,
                quantity=quantity,
                unit_price=quotes[id].price,
            )
            for id, quantity in quantities.items()
        ]
        with self.uow as uow:
            broken = [
                (rule, rule.error("lines", command.first_line_of(id)))
                for id, quantity in quantities.items()
                for rule in quotes[id].broken_by(quantity, at=uow.now)
            ]
            if broken:
                raise BrokenRules(broken)
            total = total_of(lines)
            if outdated := [*command.outdated(quotes, total)]:
                raise PriceChanged(total, outdated)
            order = Order.place(
                self.new_id(),
                customer_id=command.customer_id,
                lines=lines,
                payment_method=method,
                at=uow.now,
            )
            placed = uow.orders.save(order)
            uow.commit(placed)
        return placed
