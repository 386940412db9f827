"""Whatever happens, in whatever order, however often: no unit is made, lost or oversold."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shared.inventory.domain.balance import Balance
from shared.inventory.domain.errors import InsufficientStock, ReservationNotFound
from shared.inventory.domain.reservation import Movements, Reservation, ReservationStatus
from shared.inventory.domain.stock import Stock
from tests.unit.inventory.fakes import demand

PRODUCTS = ("tea", "pot", "cup")
ORDERS = ("o-1", "o-2", "o-3", "o-4")
HELD = (ReservationStatus.RESERVED, ReservationStatus.COMMITTED)
products = st.sampled_from(PRODUCTS)
orders = st.sampled_from(ORDERS)
baskets = st.dictionaries(products, st.integers(1, 6), min_size=1)


class Warehouse(RuleBasedStateMachine):
    """Stock and reservations under every event there is, duplicated and in any order.

    `Balance` itself refuses sums that do not add up and negative parts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stocks = {product: Stock(product) for product in PRODUCTS}
        self.reservations = {order: Reservation(order) for order in ORDERS}
        self.received = dict.fromkeys(PRODUCTS, 0)

    @rule(product=products, quantity=st.integers(-8, 8).filter(bool))
    def adjust(self, product: str, quantity: int) -> None:
        stock, before = self.stocks[product], self.stocks[product].balance
        try:
            stock.adjust(quantity, reason="count")
        except InsufficientStock:
            assert before.available < -quantity
            assert stock.balance == before
        else:
            self.received[product] += quantity

    @rule(order=orders, basket=baskets)
    def place(self, order: str, basket: dict[str, int]) -> None:
        balances = {product: stock.balance for product, stock in self.stocks.items()}
        self.move(self.reservations[order].reserve(demand(order, **basket), balances))

    @rule(order=orders)
    def release(self, order: str) -> None:
        self.move(self.reservations[order].release(reason="cancelled"))

    @rule(order=orders)
    def complete(self, order: str) -> None:
        reservation = self.reservations[order]
        try:
            self.move(reservation.commit())
        except ReservationNotFound:
            assert reservation.status is ReservationStatus.NEW

    def move(self, movements: Movements) -> None:
        for product, movement in movements.items():
            self.stocks[product].balance += movement

    @invariant()
    def nothing_is_lost(self) -> None:
        for product, stock in self.stocks.items():
            assert stock.balance.received == self.received[product]
            assert stock.balance.reserved == self.held(product, ReservationStatus.RESERVED)
            assert stock.balance.sold == self.held(product, ReservationStatus.COMMITTED)

    @invariant()
    def units_come_back_once(self) -> None:
        for reservation in self.reservations.values():
            types = [event.type for event in reservation.pending_events]
            assert len(types) == len(set(types))

    def held(self, product: str, status: ReservationStatus) -> int:
        return sum(
            line.quantity
            for reservation in self.reservations.values()
            if reservation.status is status
            for line in reservation.lines
            if line.product_id == product
        )


TestWarehouse = Warehouse.TestCase


@given(
    st.lists(st.sampled_from(["place", "release", "complete"]), max_size=12),
    st.integers(1, 5),
)
def test_events_repeated_end_as_events_once(story: list[str], quantity: int) -> None:
    """Every event delivered three times in a row does what it does once."""
    assert outcome_of(story, times=3, quantity=quantity) == outcome_of(
        story, times=1, quantity=quantity
    )


def outcome_of(story: list[str], *, times: int, quantity: int) -> tuple[Balance, list[str]]:
    reservation, balance = Reservation("o-1"), Balance(available=5, received=5)
    for event in story:
        for _ in range(times):
            for movement in _happen(reservation, event, balance, quantity).values():
                balance += movement
    return balance, [event.type for event in reservation.pending_events]


def _happen(reservation: Reservation, event: str, balance: Balance, quantity: int) -> Movements:
    happenings: dict[str, Callable[[], Movements]] = {
        "place": lambda: reservation.reserve(demand("o-1", tea=quantity), {"tea": balance}),
        "release": lambda: reservation.release(reason="cancelled"),
        "complete": lambda: {} if reservation.version == 0 else reservation.commit(),
    }
    return happenings[event]()
