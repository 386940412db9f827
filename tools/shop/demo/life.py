"""One order's life as it is watched over HTTP."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tools.shop.api_client.models import HistoryEvent, Order, Price, Product, Stock
from tools.shop.api_client.shop import Shop
from tools.shop.demo.agreement import Facts, Finding, findings
from tools.shop.demo.stories import Story

LIFE_SECONDS = 120.0
"""By then an order has ended, or it never will."""
_PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Observation:
    """Something seen, *seconds* after the order was placed: an event, or a new state."""

    seconds: float
    text: str
    is_state: bool


@dataclass(slots=True)
class Life:
    """The order of one *story* and what was seen of it so far; grows while it is followed."""

    story: Story
    product: Product
    before: Stock
    quantity: int
    order: Order | None = None
    events: Sequence[HistoryEvent] = ()
    observations: list[Observation] = field(default_factory=list)
    findings: Sequence[Finding] = ()

    @property
    def agrees(self) -> bool:
        return bool(self.findings) and all(finding.agrees for finding in self.findings)


class Follower:
    """Places orders and follows them to their end, and until all parts of the system agree.

    *mails* returns the subjects of the mails that mention an order's id; *patience* is how long,
    in seconds after the order's end, the other parts may take to catch up.
    """

    def __init__(
        self,
        customer: Shop,
        admin: Shop,
        mails: Callable[[str], Sequence[str]],
        patience: float,
    ) -> None:
        self._customer, self._admin, self._mails = customer, admin, mails
        self._patience = patience
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Make every `follow` return soon."""
        self._stopped.set()

    def follow(self, life: Life) -> None:
        """Place the order and keep *life* up to date until it has come to its end."""
        line = (life.product.id, life.quantity)
        price = life.product.price
        life.order = order = self._customer.place_order(
            [line],
            life.story.payment_method,
            expected=Price(amount=price.amount * life.quantity, currency=price.currency),
        )
        self._note_state(life, order)
        deadline = time.monotonic() + LIFE_SECONDS
        while self._look(life, order.id) and self._goes_on(deadline):
            pass
        deadline = time.monotonic() + self._patience
        while not life.agrees and self._goes_on(deadline):
            life.findings = findings(life.story, self._facts(life, order.id))

    def _goes_on(self, deadline: float) -> bool:
        return not self._stopped.wait(_PAUSE) and time.monotonic() < deadline

    def _look(self, life: Life, order_id: str) -> bool:
        """Note what is new; tell whether more is to come."""
        order = self._customer.order(order_id)
        events = self._customer.history(order_id)
        placed_at = events[0].occurred_at
        life.observations += [
            Observation(
                (event.occurred_at - placed_at).total_seconds(), event.type, is_state=False
            )
            for event in events[len(life.events) :]
        ]
        known, life.order, life.events = life.order, order, events
        if known is None or known.status != order.status:
            self._note_state(life, order)
        return not order.is_final

    def _note_state(self, life: Life, order: Order) -> None:
        placed_at = life.events[0].occurred_at if life.events else datetime.now(UTC)
        seconds = max(0.0, (datetime.now(UTC) - placed_at).total_seconds())
        life.observations.append(Observation(seconds, order.status, is_state=True))

    def _facts(self, life: Life, order_id: str) -> Facts:
        self._look(life, order_id)
        about = [n for n in self._customer.notifications() if order_id in n.body]
        return Facts(
            order=life.order or self._customer.order(order_id),
            events=life.events,
            before=life.before,
            after=self._admin.stock(life.product.id),
            payment=self._customer.payment(order_id),
            notifications=about,
            mails=self._mails(order_id),
        )
