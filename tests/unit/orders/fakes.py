"""Orders without a database: the unit of work in memory, and prices on a list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from shared.kernel.broken_rules import BrokenRule
from shared.kernel.clock import Clock, FixedClock, SystemClock
from shared.kernel.errors import NotFound
from shared.kernel.ids import IdSource, new_id
from shared.kernel.money import Money
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.errors import OrderNotFound
from shared.orders.domain.order import Order
from tests.support.fakes.database import Database
from tests.support.fakes.repository import InMemoryRepository
from tests.support.fakes.unit_of_work import InMemoryUnitOfWork


def _missing(order_id: str) -> NotFound:
    return OrderNotFound(order_id)


class RepositoryInMemory:
    """Orders that are shown as they are saved."""

    def __init__(self, uow: InMemoryUnitOfWork) -> None:
        self._orders = InMemoryRepository(uow, Order, missing=_missing)
        self.get = self._orders.get

    def save(self, order: Order) -> OrderDetails:
        """Have the unit of work commit it; return it as it is shown."""
        self._orders.save(order)
        return OrderDetails.of(order)


class OrdersInMemory(InMemoryUnitOfWork):
    """The orders' unit of work over a `Database`."""

    def __init__(
        self,
        database: Database | None = None,
        *,
        clock: Clock | None = None,
        ids: IdSource = new_id,
    ) -> None:
        self._time = clock or SystemClock()
        super().__init__(database, clock=self._time, ids=ids)
        self.now: datetime = self._time.now()
        self.orders = RepositoryInMemory(self)

    def __enter__(self) -> Self:
        self.now = self._time.now()
        self.clock = FixedClock(self.now)
        return super().__enter__()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPrice:
    """A quote."""

    product_id: str
    mnemonic: str
    price: Money
    is_confidential: bool = False
    version: int = 1
    at_most: int | None = None
    """A rule: no more pieces in one line."""

    def broken_by(self, quantity: int, *, at: datetime) -> list[BrokenRule]:
        """Return the rule if *quantity* breaks it."""
        if self.at_most is None or quantity <= self.at_most:
            return []
        text = f"is greater than {self.at_most} on {at:%d %B}"
        rule_id = f"rule-{self.mnemonic}"
        return [BrokenRule(rule_id=rule_id, field="quantity", kind="range", message=text)]


@dataclass
class PriceList:
    """Prices on a list; notes what it was asked."""

    listed: dict[str, ListedPrice] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)

    def quote(self, ids: Sequence[str]) -> dict[str, ListedPrice]:
        """Return the quotes of the products on the list."""
        self.asked.append(list(ids))
        return {id_: self.listed[id_] for id_ in ids if id_ in self.listed}

    def add(
        self,
        amount: int = 100,
        currency: str = "GBP",
        *,
        is_confidential: bool = False,
        at_most: int | None = None,
    ) -> str:
        """List a product; return its id."""
        product_id = new_id()
        self.listed[product_id] = ListedPrice(
            product_id=product_id,
            mnemonic=f"P{len(self.listed)}",
            price=Money(amount, currency),
            is_confidential=is_confidential,
            at_most=at_most,
        )
        return product_id


class AllMethods:
    """Payment methods: every one but ``pm_unknown``."""

    def knows(self, payment_method: str) -> bool:
        """Tell whether there is such a method."""
        return payment_method != "pm_unknown"
