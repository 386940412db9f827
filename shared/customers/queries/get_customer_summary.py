"""Show the summary of a customer's orders."""

from dataclasses import dataclass

from shared.customers.domain.errors import CustomerNotFound
from shared.customers.domain.summary import CustomerSummary
from shared.customers.ports import SummaryReader


@dataclass(frozen=True, slots=True, kw_only=True)
class GetCustomerSummary:
    """Ask for a customer's summary: they may, and whoever may read all customers."""

    customer_id: str
    requested_by: str
    reads_everybody: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GetCustomerSummaryHandler:
    """Shows summaries."""

    summaries: SummaryReader

    def __call__(self, query: GetCustomerSummary) -> CustomerSummary:
        """Return it, an event or two behind the orders; `CustomerNotFound` for one not theirs.

        Somebody who has not ordered has a summary of nothing; for others that customer is not
        there.
        """
        own = query.customer_id == query.requested_by
        if not (own or query.reads_everybody):
            raise CustomerNotFound(query.customer_id).hiding()
        found = self.summaries.find(query.customer_id)
        if found is None and not own:
            raise CustomerNotFound(query.customer_id)
        return found or CustomerSummary(customer_id=query.customer_id)
