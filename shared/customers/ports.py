"""What the customers' use cases and queries need from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.customers.domain.order_facts import OrderFacts
from shared.customers.domain.summary import CustomerSummary
from shared.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A customer and one of their orders, in one generation of the read model.

    The versions are those they are stored with; 0 where they are not yet.
    """

    generation: str
    order_id: str
    facts: OrderFacts
    facts_version: int
    summary: CustomerSummary
    summary_version: int


class Standings(Protocol):
    """The read model, in every generation that is written."""

    def load(self, customer_id: str, order_id: str) -> Sequence[Standing]:
        """Return where the customer and the order stand: in one consistent read."""
        ...

    def save(self, standing: Standing) -> None:
        """Have the unit of work write it, unless somebody else has changed it since."""
        ...


class CustomersUnitOfWork(UnitOfWork, Protocol):
    """Everything one event changes about customers."""

    @property
    def standings(self) -> Standings:
        """The customers and their orders."""
        ...


class SummaryReader(Protocol):
    """Reads summaries."""

    def find(self, customer_id: str) -> CustomerSummary | None:
        """Return the summary, or ``None`` for a customer no order of whom is known."""
        ...
