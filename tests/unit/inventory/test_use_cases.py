"""Use cases on the fake."""

from dataclasses import replace

import pytest

from shared.inventory.domain.balance import Balance
from shared.inventory.domain.errors import (
    InsufficientStock,
    ProductNotFound,
    ReservationNotFound,
    StockNotFound,
)
from shared.inventory.domain.level import StockLevel
from shared.inventory.queries.get_stock import GetStock, GetStockHandler
from shared.inventory.use_cases.adjust_stock import AdjustStock, AdjustStockHandler
from shared.inventory.use_cases.commit_stock import CommitStock, CommitStockHandler
from shared.inventory.use_cases.release_stock import ReleaseStock, ReleaseStockHandler
from shared.inventory.use_cases.reserve_stock import ReserveStock, ReserveStockHandler
from shared.kernel.errors import StaleAggregate, ValidationFailed
from shared.platform.dynamodb.markers import EventAlreadyHandled
from shared.platform.entry.commands import retrying
from shared.platform.runtime.context import Inbox, request_context
from tests.support.fakes.database import Database
from tests.unit.inventory.fakes import Directory, InventoryInMemory, demand


@pytest.fixture
def database() -> Database:
    return Database()


def uow(database: Database) -> InventoryInMemory:
    return InventoryInMemory(database)


def adjust(database: Database, product: str, quantity: int) -> StockLevel:
    handler = AdjustStockHandler(uow=uow(database), products=Directory("tea", "pot"))
    return handler(
        AdjustStock(product_id=product, quantity=quantity, reason="count", confidential_too=True)
    )


def reserve(database: Database, order: str = "o-1", /, **basket: int) -> None:
    ReserveStockHandler(uow=uow(database))(ReserveStock(demand=demand(order, **basket)))


def release(database: Database, order: str = "o-1") -> None:
    ReleaseStockHandler(uow=uow(database))(ReleaseStock(order_id=order, reason="cancelled"))


def complete(database: Database, order: str = "o-1") -> None:
    CommitStockHandler(uow=uow(database))(CommitStock(order_id=order))


def balance(database: Database, product: str) -> Balance:
    stock = uow(database).stocks.find(product)
    assert stock is not None
    return stock.balance


def test_stock_is_adjusted(database: Database) -> None:
    assert adjust(database, "tea", 10) == StockLevel(
        product_id="tea", available=10, reserved=0, sold=0, received=10
    )
    assert adjust(database, "tea", -3).available == 7
    with pytest.raises(InsufficientStock):
        adjust(database, "tea", -8)
    assert database.event_types == ["inventory.adjusted"] * 2


def test_only_products_that_exist_are_stocked(database: Database) -> None:
    with pytest.raises(ProductNotFound):
        adjust(database, "coal", 10)
    assert database.events == []


def test_the_catalog_is_asked_for_the_first_adjustment_alone(database: Database) -> None:
    directory = Directory("tea")
    handler = AdjustStockHandler(uow=uow(database), products=directory)
    for _ in range(3):
        handler(AdjustStock(product_id="tea", quantity=1, reason="count", confidential_too=True))
    assert directory.asked == 1


@pytest.mark.row("PRM-04")
def test_stock_of_what_is_confidential_is_there_for_few(database: Database) -> None:
    directory = Directory("tea", confidential="secret")
    handler = AdjustStockHandler(uow=uow(database), products=directory)
    command = AdjustStock(product_id="secret", quantity=1, reason="count", confidential_too=True)
    assert handler(command).available == 1
    with pytest.raises(ProductNotFound) as refused:
        handler(replace(command, confidential_too=False))
    assert refused.value.hidden
    assert handler(replace(command, product_id="tea", confidential_too=False)).available == 1


def test_an_adjustment_of_nothing_is_refused() -> None:
    with pytest.raises(ValidationFailed):
        AdjustStock(product_id="tea", quantity=0, reason="count", confidential_too=True)


def test_an_order_is_held_sold_and_given_back(database: Database) -> None:
    adjust(database, "tea", 10)
    adjust(database, "pot", 10)
    reserve(database, tea=4, pot=1)
    assert balance(database, "tea") == Balance(available=6, reserved=4, received=10)
    complete(database)
    assert balance(database, "tea") == Balance(available=6, sold=4, received=10)
    release(database)
    assert balance(database, "tea") == Balance(available=10, received=10)
    assert balance(database, "pot") == Balance(available=10, received=10)


def test_an_order_that_is_short_holds_nothing(database: Database) -> None:
    adjust(database, "tea", 10)
    reserve(database, tea=4, pot=1)
    assert balance(database, "tea") == Balance(available=10, received=10)
    assert database.event_types[-1] == "inventory.rejected"


def test_units_taken_in_between_are_seen_by_the_retry(database: Database) -> None:
    adjust(database, "tea", 5)
    slow = uow(database)

    def raced() -> None:
        with slow:
            reservation, balances = slow.reservations.load_with_balances("o-1", ["tea"])
            if "o-2" not in {id_ for _, id_ in database.states}:
                reserve(database, "o-2", tea=3)
            slow.stocks.move(reservation.reserve(demand("o-1", tea=3), balances))
            slow.reservations.save(reservation)
            slow.commit()

    with pytest.raises(StaleAggregate):
        raced()
    retrying(raced)
    assert balance(database, "tea") == Balance(available=2, reserved=3, received=5)
    assert database.event_types[-2:] == ["inventory.reserved", "inventory.rejected"]


@pytest.mark.row("EVT-04")
def test_an_order_cancelled_before_it_was_placed_holds_nothing(database: Database) -> None:
    adjust(database, "tea", 10)
    release(database)
    reserve(database, tea=4)
    assert balance(database, "tea") == Balance(available=10, received=10)


def test_a_completion_that_comes_too_early_waits(database: Database) -> None:
    with pytest.raises(ReservationNotFound):
        complete(database)


@pytest.mark.row("EVT-04")
def test_an_event_without_effect_is_marked_as_handled(database: Database) -> None:
    adjust(database, "tea", 10)
    reserve(database, tea=4)
    with request_context(inbox=Inbox(consumer="inventory.reserve_stock", event_id="e-1")):
        reserve(database, tea=4)
        with pytest.raises(EventAlreadyHandled):
            reserve(database, tea=4)
    assert balance(database, "tea").reserved == 4


class _Reader:
    def balance(self, product_id: str) -> Balance | None:
        return Balance(available=1, received=1) if product_id == "tea" else None


def test_stock_is_shown() -> None:
    shown = GetStockHandler(stocks=_Reader(), products=Directory("tea", "pot"))
    assert shown(GetStock(product_id="tea", confidential_too=True)).available == 1
    with pytest.raises(StockNotFound):
        shown(GetStock(product_id="pot", confidential_too=True))
