"""An order that sales should know of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.kernel.aggregate import Aggregate
from shared.kernel.events import DomainEvent
from shared.kernel.money import Money
from shared.notifications.domain.delivery import Delivery, DeliveryStatus
from shared.notifications.domain.notification import Kind, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesAttempted(DomainEvent):
    """Sales is about to be told of a large order."""

    type = "sales.attempted"

    order_id: str
    customer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesRefused(DomainEvent):
    """The mail to sales was not taken; if it is ``final``, it never will be."""

    type = "sales.refused"

    order_id: str
    customer_id: str
    reason: str
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What counts as large, by currency: more than that much. Amounts are never converted.

    Of a currency that has none every order over more than nothing counts: the shop sells in it
    since yesterday, and a mail too many says so sooner than none.
    """

    by_currency: Mapping[str, Money]

    def passed_by(self, total: Money) -> bool:
        """Tell whether an order over *total* is a large one."""
        threshold = self.by_currency.get(total.currency, Money.zero(total.currency))
        return threshold < total


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesTold(DomainEvent):
    """Sales has heard of a large order."""

    type = "sales.told"

    order_id: str
    customer_id: str


class LargeOrder(Aggregate):
    """One large order; its id is the order's."""

    aggregate_type = "LargeOrder"

    def __init__(
        self, id: str, *, customer_id: str, delivery: Delivery | None = None, version: int = 0
    ) -> None:
        super().__init__(id, version=version)
        self.customer_id = customer_id
        self.delivery = delivery or Delivery(channel="email")

    def begin(self, *, now: datetime) -> bool:
        """Tell whether sales is to be told now, once this is on record.

        `NotYet` while nobody can tell how the attempt before has ended.
        """
        if self.delivery.is_over:
            return False
        self.delivery = self.delivery.begun(Kind.LARGE_ORDER.promise, now=now)
        self._record(SalesAttempted(order_id=self.id, customer_id=self.customer_id))
        return True

    def refused(self, reason: str) -> None:
        """The mail was not taken this time."""
        self._refused(reason, DeliveryStatus.DUE)

    def failed(self, reason: str) -> None:
        """The mail will never be taken."""
        self._refused(reason, DeliveryStatus.FAILED)

    def notify_sales(self) -> None:
        """Sales was notified; once is enough."""
        self.delivery = self.delivery.ended(DeliveryStatus.SENT)
        self._record(SalesTold(order_id=self.id, customer_id=self.customer_id))

    def _refused(self, reason: str, status: DeliveryStatus) -> None:
        self.delivery = self.delivery.ended(status)
        self._record(
            SalesRefused(
                order_id=self.id,
                customer_id=self.customer_id,
                reason=reason,
                final=self.delivery.is_over,
            )
        )


def sales_message(order_id: str, *, customer_id: str, total: Money) -> Text:
    """Return what to write to sales."""
    return Text(
        subject=f"Large order over {total.format()}",
        body="\n".join(
            [
                f"A customer's order over {total.format()} is complete: paid, and its goods are",
                "theirs.",
                "",
                f"Order: {order_id}",
                f"Customer: {customer_id}",
            ]
        ),
    )
