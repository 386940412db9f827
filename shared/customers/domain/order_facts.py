"""What is known of one order: facts that are only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from shared.customers.domain.order_update import End, OrderUpdate
from shared.kernel.events import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """The facts about an order so far.

    Adding an update is idempotent, and any order of the same updates gives the same facts: nobody
    has to deliver events once or in their order.
    """

    placed_at: str | None = None
    amount: int = 0
    currency: str = ""
    ends: frozenset[End] = frozenset()

    def with_update(self, update: OrderUpdate) -> Self:
        """Return the facts after *update*."""
        facts = self
        if update.placed is not None:
            amount, currency = update.placed
            facts = replace(facts, placed_at=update.at, amount=amount, currency=currency)
        if update.end is not None:
            facts = replace(facts, ends=facts.ends | {update.end})
        return facts

    @property
    def counts_as(self) -> End | None:
        """What the order counts as: cancelled beats completed; ``None`` while it is open."""
        for end in (End.CANCELLED, End.FAILED, End.COMPLETED):
            if end in self.ends:
                return end
        return None

    def to_data(self) -> dict[str, Any]:
        """Return the facts as plain JSON values."""
        return {
            "placed_at": self.placed_at,
            "amount": self.amount,
            "currency": self.currency,
            "ends": plain(sorted(self.ends)),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Return the facts that :meth:`to_data` gave."""
        return cls(
            placed_at=data["placed_at"],
            amount=data["amount"],
            currency=data["currency"],
            ends=frozenset(map(End, data["ends"])),
        )
