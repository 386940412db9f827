"""Stock and reservations are kept alike by the fake, moto and DynamoDB Local."""

import pytest

from shared.inventory.domain.balance import Balance, Movement
from shared.inventory.domain.demand import Line
from shared.inventory.domain.reservation import Movements, ReservationStatus
from shared.inventory.domain.stock import Stock
from shared.inventory.ports import InventoryUnitOfWork
from shared.kernel.errors import StaleAggregate
from tests.adapters.inventory.conftest import NewUnitOfWork
from tests.support.tiers import DYNAMODB_LOCAL
from tests.unit.inventory.fakes import demand

pytestmark = pytest.mark.row("CQR-02", "CQR-03")


@pytest.fixture(params=["in_memory", "moto", DYNAMODB_LOCAL])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def stocked(uow: InventoryUnitOfWork, product: str, quantity: int) -> None:
    with uow:
        adjusting(uow, product, quantity)
        uow.commit()


def adjusting(uow: InventoryUnitOfWork, product: str, quantity: int) -> None:
    stock = uow.stocks.find(product) or Stock(product)
    uow.stocks.adjust(stock, {product: stock.adjust(quantity, reason="count")})


def moved(uow: InventoryUnitOfWork, movements: Movements) -> None:
    with uow:
        uow.stocks.move(movements)
        uow.commit()


def balance(uow: InventoryUnitOfWork, product: str) -> Balance | None:
    stock = uow.stocks.find(product)
    return stock.balance if stock else None


def test_adjustments_add_up(new_uow: NewUnitOfWork) -> None:
    uow = new_uow()
    assert uow.stocks.find("tea") is None
    stocked(uow, "tea", 10)
    stocked(uow, "tea", -4)
    stock = new_uow().stocks.find("tea")
    assert stock is not None
    assert (stock.id, stock.version) == ("tea", 2)
    assert stock.balance == Balance(available=6, received=6)


def test_units_move_without_making_the_stock_stale(new_uow: NewUnitOfWork) -> None:
    stocked(new_uow(), "tea", 10)
    slow, fast = new_uow(), new_uow()
    with slow:
        adjusting(slow, "tea", 5)
        moved(fast, {"tea": Movement.reserve(3)})
        moved(fast, {"tea": Movement.sell(2)})
        slow.commit()
    assert balance(fast, "tea") == Balance(available=12, reserved=1, sold=2, received=15)


def test_adjustments_take_turns(new_uow: NewUnitOfWork) -> None:
    slow, fast = new_uow(), new_uow()
    for expected in (1, 2):
        with slow:
            adjusting(slow, "tea", 100)
            stocked(fast, "tea", 1)
            with pytest.raises(StaleAggregate):
                slow.commit()
        assert balance(fast, "tea") == Balance(available=expected, received=expected)


def test_nothing_is_written_off_that_an_order_has_taken(new_uow: NewUnitOfWork) -> None:
    slow, fast = new_uow(), new_uow()
    stocked(fast, "tea", 10)
    with slow:
        adjusting(slow, "tea", -8)
        moved(fast, {"tea": Movement.reserve(3)})
        with pytest.raises(StaleAggregate):
            slow.commit()
    assert balance(fast, "tea") == Balance(available=7, reserved=3, received=10)


@pytest.mark.parametrize(
    "movement",
    [Movement.reserve(11), Movement.release(1), Movement.sell(1), Movement.take_back(1)],
)
def test_no_part_becomes_negative(new_uow: NewUnitOfWork, movement: Movement) -> None:
    uow = new_uow()
    stocked(uow, "tea", 10)
    stocked(uow, "pot", 10)
    with pytest.raises(StaleAggregate):
        moved(uow, {"pot": Movement.reserve(1), "tea": movement})
    assert balance(uow, "pot") == balance(uow, "tea") == Balance(available=10, received=10)


def test_what_was_never_in_stock_cannot_be_taken(new_uow: NewUnitOfWork) -> None:
    uow = new_uow()
    with pytest.raises(StaleAggregate):
        moved(uow, {"tea": Movement.reserve(1)})
    assert balance(uow, "tea") is None


def test_reservations_are_kept(new_uow: NewUnitOfWork) -> None:
    uow = new_uow()
    stocked(uow, "tea", 10)
    reservation, balances = uow.reservations.load_with_balances("o-1", ["tea", "pot"])
    assert (reservation.id, reservation.status) == ("o-1", ReservationStatus.NEW)
    assert balances == {"tea": Balance(available=10, received=10)}
    with uow:
        uow.stocks.move(reservation.reserve(demand("o-1", tea=4), balances))
        uow.reservations.save(reservation)
        uow.commit()
    for found in (
        new_uow().reservations.load("o-1"),
        new_uow().reservations.load_with_balances("o-1", ["tea"])[0],
    ):
        assert (found.status, found.version) == (ReservationStatus.RESERVED, 1)
        assert found.lines == (Line(product_id="tea", quantity=4),)
    assert balance(uow, "tea") == Balance(available=6, reserved=4, received=10)


def test_an_order_is_decided_on_once(new_uow: NewUnitOfWork) -> None:
    slow, fast = new_uow(), new_uow()
    stocked(fast, "tea", 10)
    with slow:
        late, balances = slow.reservations.load_with_balances("o-1", ["tea"])
        early = fast.reservations.load("o-1")
        early.release(reason="cancelled")
        with fast:
            fast.reservations.save(early)
            fast.commit()
        slow.stocks.move(late.reserve(demand("o-1", tea=4), balances))
        slow.reservations.save(late)
        with pytest.raises(StaleAggregate):
            slow.commit()
    assert fast.reservations.load("o-1").status is ReservationStatus.RELEASED
    assert balance(fast, "tea") == Balance(available=10, received=10)


def test_a_whole_story_leaves_its_events(new_uow: NewUnitOfWork) -> None:
    uow = new_uow()
    stocked(uow, "tea", 10)
    for step in ("reserve", "commit", "release"):
        with uow:
            found, balances = uow.reservations.load_with_balances("o-1", ["tea"])
            movements = {
                "reserve": lambda r=found, b=balances: r.reserve(demand("o-1", tea=4), b),
                "commit": found.commit,
                "release": lambda r=found: r.release(reason="cancelled"),
            }[step]()
            uow.stocks.move(movements)
            uow.reservations.save(found)
            uow.commit()
    assert uow.reservations.load("o-1").version == 3
    assert balance(uow, "tea") == Balance(available=10, received=10)
