"""The order: an event-sourced aggregate and the state machine of the saga.

Messages of the saga arrive late, twice and in any order. The methods that record them therefore
never refuse: what no longer matters changes nothing. Only people get `InvalidState`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Self

from shared.kernel.errors import InvalidState
from shared.kernel.event_sourced import EventSourcedAggregate
from shared.kernel.events import DomainEvent
from shared.kernel.money import Money
from shared.orders.domain import events
from shared.orders.domain.data import FailureData, LineData, MoneyData, ShortageData
from shared.orders.domain.errors import (
    CancellationPeriodOver,
    CurrenciesDiffer,
    PaymentMethodRequired,
)
from shared.orders.domain.order_line import OrderLine, money_data
from shared.orders.domain.status import CANCELLABLE, UNPAID, CancelledBy, OrderStatus


def total_of(lines: Sequence[OrderLine]) -> Money:
    """Return the total of *lines*, at least one.

    Raises `CurrenciesDiffer` unless all prices are in one currency, `ValidationFailed` for a total
    beyond what `Money` holds.
    """
    currencies = {line.unit_price.currency for line in lines}
    if len(currencies) > 1:
        raise CurrenciesDiffer(currencies)
    return Money.sum_of((line.total for line in lines), currencies.pop())


class Order(EventSourcedAggregate):
    """What a customer wants, from its placing to its end."""

    aggregate_type: ClassVar[str] = "Order"

    customer_id: str
    lines: list[LineData]
    total: MoneyData
    payment_method: str | None
    """``None`` where nothing is due."""
    status: OrderStatus
    failure: FailureData | None
    placed_at: datetime
    updated_at: datetime
    paid_at: datetime | None
    """Since when the sale stands; ``None`` where it does not yet."""

    @classmethod
    def place(
        cls,
        id: str,
        *,
        customer_id: str,
        lines: Sequence[OrderLine],
        payment_method: str | None,
        at: datetime,
    ) -> Self:
        """Return a new order over *lines* (at least one), its total fixed from now on.

        Raises `CurrenciesDiffer` unless all prices are in one currency, `ValidationFailed` for a
        total beyond what `Money` holds, `PaymentMethodRequired` where something is due and nothing
        to take it from is named. Where nothing is due no payment method is kept.
        """
        total = total_of(lines)
        if total.amount and payment_method is None:
            raise PaymentMethodRequired(total)
        placed = events.OrderPlaced(
            order_id=id,
            customer_id=customer_id,
            lines=[line.to_data() for line in lines],
            total=money_data(total),
            payment_method=payment_method if total.amount else None,
        )
        order = cls(id)
        order._happen(placed, at)
        return order

    @property
    def is_free(self) -> bool:
        """Whether nothing is due."""
        return self.total["amount"] == 0

    def record_reservation(self, *, at: datetime) -> None:
        """The goods are set aside; an order that has moved on already is left alone.

        Where nothing is due nobody is asked to charge it, and its sale stands at once.
        """
        if self.status is not OrderStatus.PENDING:
            return
        if self.is_free:
            self._complete(at)
            return
        reserved = events.OrderReserved(
            order_id=self.id,
            customer_id=self.customer_id,
            total=self.total,
            payment_method=self.payment_method,
        )
        self._happen(reserved, at)

    def complete(self, *, payment_id: str, at: datetime) -> None:
        """The payment was captured: the order is paid and its sale stands.

        A payment is made only for reserved goods, so an order that has not heard of its
        reservation yet is paid all the same. One that ended otherwise is left alone: payments
        gives the money of a cancelled order back by itself.
        """
        if self.status not in UNPAID:
            return
        self._happen(events.OrderPaid(order_id=self.id, payment_id=payment_id), at)
        self._complete(at)

    def _complete(self, at: datetime) -> None:
        completed = events.OrderCompleted(
            order_id=self.id, customer_id=self.customer_id, total=self.total
        )
        self._happen(completed, at)

    def fail_payment(self, *, reason: str, message: str, at: datetime) -> None:
        """The payment was declined: the order has failed and its goods are free again."""
        if self.status not in UNPAID:
            return
        failure = FailureData(reason=reason, message=message, shortages=[])
        self._fail(OrderStatus.PAYMENT_FAILED, failure, at)
        released = events.InventoryReleaseRequested(order_id=self.id, reason=self.status.value)
        self._happen(released, at)

    def reject(self, failure: FailureData, *, at: datetime) -> None:
        """The goods are not there: nothing was set aside, nothing will be charged."""
        if self.status is OrderStatus.PENDING:
            named = FailureData(**{**failure, "shortages": self._named(failure["shortages"])})
            self._fail(OrderStatus.REJECTED, named, at)

    def cancel(
        self, *, by: CancelledBy, reason: str, at: datetime, until: timedelta | None = None
    ) -> None:
        """Cancel the order; `InvalidState` once it has ended or has been shipped.

        `CancellationPeriodOver` where it was paid longer than *until* ago (``None``: no limit).
        """
        if self.status not in CANCELLABLE:
            raise InvalidState(
                f"An order that is {self.status.value} cannot be cancelled.",
                current=self.status.value,
                expected=[status.value for status in CANCELLABLE],
            )
        if until is not None and self.paid_at is not None and at >= self.paid_at + until:
            raise CancellationPeriodOver(self.status.value, until=self.paid_at + until)
        cancelled = events.OrderCancelled(
            order_id=self.id,
            customer_id=self.customer_id,
            reason=reason,
            previous_status=self.status.value,
            paid=self.status not in UNPAID and not self.is_free,
            cancelled_by=by.value,
            total=self.total,
        )
        self._happen(cancelled, at)

    @property
    def age_at_end(self) -> timedelta | None:
        """How old it was when what is not committed yet ended it: sold, failed or cancelled.

        ``None`` where that ends nothing; an order that is cancelled after it was paid had ended
        before.
        """
        for event in self.pending_events:
            match event:
                case events.OrderCompleted() | events.OrderFailed():
                    return self.updated_at - self.placed_at
                case events.OrderCancelled(previous_status=before) if before in UNPAID:
                    return self.updated_at - self.placed_at
        return None

    def _named(self, shortages: Sequence[ShortageData]) -> list[ShortageData]:
        mnemonics = {line["product_id"]: line["mnemonic"] for line in self.lines}
        return [
            ShortageData(**{**short, "mnemonic": mnemonics[short["product_id"]]})
            if short["product_id"] in mnemonics
            else short
            for short in shortages
        ]

    def _fail(self, status: OrderStatus, failure: FailureData, at: datetime) -> None:
        failed = events.OrderFailed(
            order_id=self.id, customer_id=self.customer_id, status=status.value, **failure
        )
        self._happen(failed, at)

    def _apply(self, event: DomainEvent, at: datetime) -> None:
        match event:
            case events.OrderPlaced():
                self.customer_id = event.customer_id
                self.lines = event.lines
                self.total = event.total
                self.payment_method = event.payment_method
                self.status = OrderStatus.PENDING
                self.failure = None
                self.placed_at = at
                self.paid_at = None
            case events.OrderReserved():
                self.status = OrderStatus.RESERVED
            case events.OrderPaid() | events.OrderCompleted():
                self.status = OrderStatus.PAID
                self.paid_at = at
            case events.OrderCancelled():
                self.status = OrderStatus.CANCELLED
            case events.OrderFailed():
                self.status = OrderStatus(event.status)
                self.failure = FailureData(
                    reason=event.reason, message=event.message, shortages=event.shortages
                )
        self.updated_at = at
