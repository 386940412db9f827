"""What customers show over HTTP."""

from shared.customers.domain.summary import CustomerSummary
from shared.platform.http.models import View


class SpentView(View):
    """What was spent in one currency, in minor units."""

    amount: int
    currency: str


class CustomerSummaryView(View):
    """The summary of a customer's orders; ``as_of`` is the time of the latest event in it."""

    customer_id: str
    orders: int
    open: int
    completed: int
    failed: int
    cancelled: int
    spent: list[SpentView]
    first_order_at: str | None
    last_order_at: str | None
    as_of: str | None

    @classmethod
    def of(cls, summary: CustomerSummary) -> "CustomerSummaryView":
        """Return the view of *summary*."""
        spent = [SpentView(amount=a, currency=c) for c, a in sorted(summary.spent.items())]
        return cls(
            customer_id=summary.customer_id,
            orders=summary.orders,
            open=summary.open,
            completed=summary.completed,
            failed=summary.failed,
            cancelled=summary.cancelled,
            spent=spent,
            first_order_at=summary.first_order_at,
            last_order_at=summary.last_order_at,
            as_of=summary.as_of,
        )
