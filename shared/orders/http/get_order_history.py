"""What is shown of what has happened to an order."""

from typing import Annotated, Any

from shared.kernel.clock import to_iso
from shared.kernel.events import EventEnvelope
from shared.kernel.paging import PageRequest
from shared.platform.http.models import View
from shared.platform.http.pagination import paged

HistoryPage = Annotated[PageRequest, paged()]
"""Which page of the history, which begins with the placing of the order."""


class OrderEventView(View):
    """Something that happened to an order; ``actor`` is a user's id or a service's name."""

    id: str
    type: str
    version: int
    occurred_at: str
    actor: str | None
    data: dict[str, Any]

    @classmethod
    def of(cls, event: EventEnvelope) -> "OrderEventView":
        """Return the view of *event*."""
        return cls(
            id=event.id,
            type=event.type,
            version=event.version,
            occurred_at=to_iso(event.occurred_at),
            actor=event.context.actor,
            data=dict(event.data),
        )
