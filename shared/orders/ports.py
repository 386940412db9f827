"""What the use cases and queries of orders need from the outside."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from shared.kernel.events import DomainEvent, EventEnvelope
from shared.kernel.money import Money
from shared.kernel.paging import Page, PageRequest
from shared.kernel.unit_of_work import UnitOfWork
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.order import Order

if TYPE_CHECKING:
    from datetime import timedelta

    from shared.kernel.broken_rules import BrokenRule
    from shared.kernel.specification import Specification
    from shared.orders.domain.open_order import OpenOrder


class Quote(Protocol):
    """A product's price and version right now, and whether it is on public sale."""

    @property
    def product_id(self) -> str: ...
    @property
    def mnemonic(self) -> str: ...
    @property
    def price(self) -> Money: ...
    @property
    def is_confidential(self) -> bool: ...
    @property
    def version(self) -> int: ...
    def broken_by(self, quantity: int, /, *, at: datetime) -> "Sequence[BrokenRule]":
        """Return the catalog's rules that a line of *quantity* pieces breaks at that moment."""
        ...


class Prices(Protocol):
    """The catalog's prices."""

    def quote(self, ids: Sequence[str], /) -> Mapping[str, Quote]:
        """Return the quotes of the products that exist, by id, in one round trip."""
        ...


class PaymentMethods(Protocol):
    """The ways to pay."""

    def knows(self, payment_method: str, /) -> bool:
        """Tell whether the gateway has such a method."""
        ...


class Orders(Protocol):
    """The orders there are."""

    def get(self, order_id: str, /) -> Order:
        """Return the order, rebuilt from its events; raises `OrderNotFound`."""
        ...

    def save(self, order: Order, /) -> OrderDetails:
        """Have the unit of work commit the order's new events; return the order as it is shown."""
        ...


NoteEnd = Callable[["timedelta"], None]
"""Takes note of how old an order was when it came to its end."""


def unnoted(_: "timedelta") -> None:
    """Take no note."""


class OrdersUnitOfWork(UnitOfWork, Protocol):
    """Everything one command changes about orders."""

    @property
    def orders(self) -> Orders:
        """The orders."""
        ...

    @property
    def now(self) -> datetime:
        """The one moment at which everything in this unit of work happens."""
        ...


class OrderReader(Protocol):
    """Reads single orders as they are shown."""

    def find(self, order_id: str, /) -> OrderDetails | None:
        """Return the order as it is now, or ``None``."""
        ...

    def past_of(
        self, order_id: str, /, *, up_to: int | None
    ) -> Sequence[tuple[DomainEvent, datetime]]:
        """Return the order's events, oldest first, each with its time; none for no such order.

        Those *up_to* a version (``None``: all).
        """
        ...


class OrderListReader(Protocol):
    """Reads lists of orders and of their events, page by page."""

    def list_of(
        self, customer_id: str, asked: PageRequest, /, *, where: "Specification[Any] | None" = None
    ) -> Page[OrderDetails]:
        """Return a page of the customer's orders by ``placed_at``, newest first by default.

        ``status,placed_at`` sorts them by status first.

        Only orders that satisfy *where* are shown, and fewer than asked for where they are rare
        (see `Page`). An order placed a moment ago may be missing still. Raises `ValidationFailed`
        for a cursor or a sort field that does not belong to this list.
        """
        ...

    def history_of(
        self, order_id: str, asked: PageRequest, /, *, reader: str
    ) -> Page[EventEnvelope]:
        """Return a page of the order's events, oldest first; empty for no such order.

        A cursor is good for the *reader* it was made for, and for this order.
        """
        ...


class OldestOrderReader(Protocol):
    """Knows since when something is under way."""

    def oldest(self) -> "datetime | None":
        """Return when the oldest order was placed that has not ended; ``None`` for none."""
        ...


class OpenOrderReader(Protocol):
    """Reads the orders that have not come to their end."""

    def older_than(
        self, age: "timedelta", asked: PageRequest, /, *, now: datetime, reader: str
    ) -> Page["OpenOrder"]:
        """Return a page of those placed more than *age* before *now*, oldest first by default.

        One that was placed a moment ago may be missing, and a page may be short where orders have
        just ended. At most 100 at a time. Raises `ValidationFailed` for a
        cursor or a sort field that does not belong to this list or *reader*.
        """
        ...
