"""What is shown of what has happened to an order."""

from typing import Annotated, Any

from shared.kernel.clock import to_iso
from shared.kernel.events import EventEnvelope
from shared.kernel.ids import is_id
from shared.kernel.paging import PageRequest
from shared.platform.access.security import Reach
from shared.platform.http.models import View
from shared.platform.http.pagination import paged

HistoryPage = Annotated[PageRequest, paged()]
"""Which page of the history, which begins with the placing of the order."""


def _by(event: EventEnvelope) -> str:
    """Return in which capacity somebody acted: users have ids, services names.

    Whatever people do to an order says whose it is.
    """
    actor = event.context.actor
    if actor is not None and actor == event.data.get("customer_id"):
        return "customer"
    return "staff" if actor is not None and is_id(actor) else "system"


class OrderEventView(View):
    """Something that happened to an order.

    ``by`` is ``customer``, ``staff`` or ``system``. ``actor``, a user's id or a service's name, is
    for those who manage orders; others see it where it is their own.
    """

    id: str
    type: str
    version: int
    occurred_at: str
    by: str
    actor: str | None
    data: dict[str, Any]

    @classmethod
    def of(cls, event: EventEnvelope, *, reader: Reach) -> "OrderEventView":
        """Return the view of *event* for *reader*."""
        actor = event.context.actor
        known = reader.everybodys or actor == reader.user_id
        return cls(
            id=event.id,
            type=event.type,
            version=event.version,
            occurred_at=to_iso(event.occurred_at),
            by=_by(event),
            actor=actor if known else None,
            data=dict(event.data),
        )
