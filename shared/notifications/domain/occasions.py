"""What there is to tell, as facts; `shared.notifications.domain.messages` puts them into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from shared.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """The user has registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCompleted:
    """The order is paid and the goods are the customer's."""

    order_id: str
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """More was ordered of ``product`` (as the customer knows it) than there is."""

    product: str
    requested: int
    available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFailed:
    """The order came to nothing and no money was taken; ``message`` says why, if anything does.

    With ``shortages`` the goods were missing, otherwise it was the payment.
    """

    order_id: str
    message: str | None
    shortages: Sequence[Shortage] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled:
    """The order was cancelled; ``paid`` if money had been taken by then.

    ``by`` is ``customer``, ``staff`` or ``system``, ``None`` where nobody knows any more.
    ``free``: there was nothing to pay.
    """

    order_id: str
    by: str | None
    paid: bool
    free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMoment:
    """A point in the life of an order: what its event made of it, by version."""

    order_id: str
    version: int


Occasion: TypeAlias = Welcome | OrderCompleted | OrderFailed | OrderCancelled
