"""An order that sales should know of."""

from dataclasses import dataclass

from shared.kernel.aggregate import Aggregate
from shared.kernel.events import DomainEvent
from shared.kernel.money import Money
from shared.notifications.domain.notification import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesTold(DomainEvent):
    """Sales has heard of a large order."""

    type = "sales.told"

    order_id: str
    customer_id: str


class LargeOrder(Aggregate):
    """One large order; its id is the order's. What counts as large is the rule's to say."""

    aggregate_type = "LargeOrder"

    def __init__(self, id: str, *, customer_id: str, version: int = 0) -> None:
        super().__init__(id, version=version)
        self.customer_id = customer_id

    def notify_sales(self) -> None:
        """Sales was notified; once is enough."""
        self._record(SalesTold(order_id=self.id, customer_id=self.customer_id))


def sales_message(order_id: str, *, customer_id: str, total: Money, lines: int) -> Text:
    """Return what to write to sales."""
    return Text(
        subject=f"Large order over {total.format()}",
        body="\n".join(
            [
                f"A customer has placed an order over {total.format()} ({lines} lines).",
                "It is not paid yet; stock and payment take their usual way.",
                "",
                f"Order: {order_id}",
                f"Customer: {customer_id}",
            ]
        ),
    )
