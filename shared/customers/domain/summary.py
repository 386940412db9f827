"""The summary of a customer's orders: how many, and how much in each currency."""

from dataclasses import dataclass, field, replace

from shared.customers.domain.order_facts import OrderFacts
from shared.customers.domain.order_update import End


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSummary:
    """The sums over one customer's orders, as of the latest event in them.

    ``orders`` counts those placed; those that have not ended are ``open``. ``spent`` is what the
    completed ones cost, minor units by currency.
    """

    customer_id: str
    orders: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    spent: dict[str, int] = field(default_factory=dict)
    first_order_at: str | None = None
    last_order_at: str | None = None
    as_of: str | None = None

    @property
    def open(self) -> int:
        """How many orders have not ended."""
        return self.orders - self.completed - self.failed - self.cancelled

    def after(self, before: OrderFacts, now: OrderFacts, *, at: str) -> "CustomerSummary":
        """Return the summary once an order's facts have grown by an event of *at*."""
        summary = _counting(_counting(self, before, -1), now, 1)
        times = [each for each in (summary.first_order_at, now.placed_at) if each]
        lasts = [each for each in (summary.last_order_at, now.placed_at) if each]
        return replace(
            summary,
            first_order_at=min(times, default=None),
            last_order_at=max(lasts, default=None),
            as_of=max(at, summary.as_of or at),
        )


def _counting(summary: CustomerSummary, facts: OrderFacts, by: int) -> CustomerSummary:
    """Add or take away one order; one that nobody has heard the placing of does not count."""
    if facts.placed_at is None:
        return summary
    summary = replace(summary, orders=summary.orders + by)
    match facts.counts_as:
        case End.CANCELLED:
            return replace(summary, cancelled=summary.cancelled + by)
        case End.FAILED:
            return replace(summary, failed=summary.failed + by)
        case End.COMPLETED:
            total = summary.spent.get(facts.currency, 0) + by * facts.amount
            spent = {**summary.spent, facts.currency: total}
            return replace(
                summary,
                completed=summary.completed + by,
                spent={currency: amount for currency, amount in spent.items() if amount},
            )
    return summary
