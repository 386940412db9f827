"""What is held for one order, from the asking to the end."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from shared.inventory.domain.balance import Balance, Movement
from shared.inventory.domain.demand import Demand, Line
from shared.inventory.domain.errors import ReservationNotFound
from shared.inventory.domain.events import (
    StockCommitted,
    StockRejected,
    StockReleased,
    StockReserved,
)
from shared.kernel.aggregate import Aggregate
from shared.kernel.events import plain

Movements = Mapping[str, Movement]
"""Product id → what happens to its balance."""

NOTHING: Movements = {}


class ReservationStatus(StrEnum):
    """Where a reservation stands. Rejected and released are final."""

    NEW = "new"
    RESERVED = "reserved"
    REJECTED = "rejected"
    COMMITTED = "committed"
    RELEASED = "released"


class Reservation(Aggregate):
    """The units held for an order; its id is the order's.

    Every method may be called in any state, any number of times, in any order: what has no effect
    any more records nothing and moves nothing. So units come back exactly once, and an order that
    was cancelled before its ``order.placed`` arrived never holds any.
    """

    aggregate_type = "Reservation"

    def __init__(
        self,
        id: str,
        *,
        status: ReservationStatus = ReservationStatus.NEW,
        lines: Iterable[Line] = (),
        version: int = 0,
    ) -> None:
        super().__init__(id, version=version)
        self.status = status
        self.lines = tuple(lines)

    def reserve(self, demand: Demand, balances: Mapping[str, Balance]) -> Movements:
        """Hold all lines of *demand*, or none if any is short of its balance."""
        if self.status is not ReservationStatus.NEW:
            return NOTHING
        shortages = demand.shortages(balances)
        if shortages:
            self.status = ReservationStatus.REJECTED
            self._record(
                StockRejected(
                    order_id=self.id,
                    customer_id=demand.customer_id,
                    shortages=[plain(shortage) for shortage in shortages],
                )
            )
            return NOTHING
        self.status = ReservationStatus.RESERVED
        self.lines = demand.lines
        self._record(
            StockReserved(
                order_id=self.id,
                customer_id=demand.customer_id,
                lines=self._plain_lines(),
            )
        )
        return self._each(Movement.reserve)

    def release(self, *, reason: str) -> Movements:
        """Give back what is held or was sold; before anything was asked for, never hold any."""
        movements = NOTHING
        match self.status:
            case ReservationStatus.RESERVED:
                movements = self._each(Movement.release)
            case ReservationStatus.COMMITTED:
                movements = self._each(Movement.take_back)
            case ReservationStatus.REJECTED | ReservationStatus.RELEASED:
                return NOTHING
        self.status = ReservationStatus.RELEASED
        self._record(StockReleased(order_id=self.id, reason=reason, lines=self._plain_lines()))
        return movements

    def commit(self) -> Movements:
        """Make what is held sold; `ReservationNotFound` before anything was asked for."""
        if self.status is ReservationStatus.NEW:
            raise ReservationNotFound(self.id)
        if self.status is not ReservationStatus.RESERVED:
            return NOTHING
        self.status = ReservationStatus.COMMITTED
        self._record(StockCommitted(order_id=self.id, lines=self._plain_lines()))
        return self._each(Movement.sell)

    def _each(self, movement: Callable[[int], Movement]) -> Movements:
        return {line.product_id: movement(line.quantity) for line in self.lines}

    def _plain_lines(self) -> list[dict[str, Any]]:
        return [plain(line) for line in self.lines]
