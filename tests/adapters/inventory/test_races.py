"""Many buyers, few units: the real use cases on an engine with real transactions."""

from collections import Counter
from collections.abc import Mapping

import pytest

from shared.inventory.adapters.unit_of_work import DynamoInventoryUnitOfWork
from shared.inventory.domain.stock import Stock
from shared.inventory.use_cases.release_stock import ReleaseStock, ReleaseStockHandler
from shared.inventory.use_cases.reserve_stock import ReserveStock, ReserveStockHandler
from shared.platform.dynamodb.writes import Write, update
from shared.platform.entry.commands import retrying
from shared.platform.runtime.context import Inbox, request_context
from tests.support.racing import race
from tests.unit.inventory.fakes import demand
from tools.lab.support.tables import Table

BUYERS = 40
UNITS = 10


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """Moto oversells under threads."""
    return "dynamodb_local"


def stock(table: Table, product: str, quantity: int) -> None:
    uow = DynamoInventoryUnitOfWork(table.client, table.name)
    with uow:
        stock = Stock(product)
        uow.stocks.adjust(stock, {product: stock.adjust(quantity, reason="delivery")})
        uow.commit()


def balance(table: Table, product: str) -> tuple[int, int, int, int]:
    item = table.get(f"Stock#{product}", "STATE")
    assert item is not None
    return item["available"], item["reserved"], item["sold"], item["received"]


def buy(table: Table, number: int, **basket: int) -> None:
    handler = ReserveStockHandler(uow=DynamoInventoryUnitOfWork(table.client, table.name))
    command = ReserveStock(demand=demand(f"o-{number}", **basket))
    with request_context(inbox=Inbox(consumer="inventory.reserve_stock", event_id=f"e-{number}")):
        retrying(lambda: handler(command))


def outcomes(table: Table) -> dict[str, int]:
    return dict(Counter(event["type"] for event in table.events("Reservation#")))


@pytest.mark.row("CQR-02")
def test_forty_buyers_of_the_last_ten_units_get_exactly_ten(table: Table) -> None:
    stock(table, "tea", UNITS)
    failed = [e for e in race(BUYERS, lambda number: buy(table, number, tea=1)) if e]
    assert failed == []
    assert outcomes(table) == {"inventory.reserved": UNITS, "inventory.rejected": BUYERS - UNITS}
    assert balance(table, "tea") == (0, UNITS, 0, UNITS)


@pytest.mark.row("CQR-02")
def test_bought_one_by_one_the_last_unit_is_sold_and_the_next_is_not(table: Table) -> None:
    """In a race all may read ten before anyone commits; here each buyer sees what is left."""
    stock(table, "tea", 3)
    for number in range(5):
        buy(table, number, tea=1)
        left = max(0, 2 - number)
        assert balance(table, "tea") == (left, 3 - left, 0, 3)
    assert outcomes(table) == {"inventory.reserved": 3, "inventory.rejected": 2}


@pytest.mark.row("CQR-02")
@pytest.mark.parametrize(("wanted", "event"), [(3, "reserved"), (4, "rejected")])
def test_a_basket_of_all_that_is_left_is_served_and_one_unit_more_is_not(
    table: Table, wanted: int, event: str
) -> None:
    stock(table, "tea", 5)
    buy(table, 1, tea=2)
    buy(table, 2, tea=wanted)
    (last,) = (each for each in table.events("Reservation#") if each["data"]["order_id"] == "o-2")
    assert last["type"] == f"inventory.{event}"


@pytest.mark.row("CQR-02")
def test_buyers_who_come_at_different_moments_get_exactly_what_there_is(table: Table) -> None:
    """Eight buy five times each: the first reads ten, later ones few, the last none."""
    stock(table, "tea", UNITS)

    def shop(runner: int) -> None:
        for turn in range(5):
            buy(table, 5 * runner + turn, tea=1)

    assert [e for e in race(8, shop) if e] == []
    assert outcomes(table) == {"inventory.reserved": UNITS, "inventory.rejected": BUYERS - UNITS}
    assert balance(table, "tea") == (0, UNITS, 0, UNITS)


@pytest.mark.row("CQR-02")
def test_baskets_that_share_products_are_held_whole_or_not_at_all(table: Table) -> None:
    products = ("tea", "pot", "cup")
    for product in products:
        stock(table, product, UNITS)

    def basket(number: int) -> None:
        left_out = products[number % 3]
        buy(table, number, **{product: 1 for product in products if product != left_out})

    assert [e for e in race(BUYERS, basket) if e] == []
    assert sum(outcomes(table).values()) == BUYERS
    held = Counter(
        line["product_id"]
        for item in table.states("Reservation#")
        if item["status"] == "reserved"
        for line in item["lines"]
    )
    for product in products:
        assert balance(table, product) == (UNITS - held[product], held[product], 0, UNITS)
    assert sum(held.values()) == 2 * outcomes(table)["inventory.reserved"]


@pytest.mark.row("EVT-04")
def test_one_order_placed_and_cancelled_at_once_holds_nothing(table: Table) -> None:
    stock(table, "tea", UNITS)

    def story(number: int) -> None:
        if number % 2:
            buy(table, 1, tea=1)
            return
        handler = ReleaseStockHandler(uow=DynamoInventoryUnitOfWork(table.client, table.name))
        retrying(lambda: handler(ReleaseStock(order_id="o-1", reason="cancelled")))

    race(8, story)
    assert balance(table, "tea") == (UNITS, 0, 0, UNITS)
    assert outcomes(table)["inventory.released"] == 1


def test_the_race_can_fail(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its condition the same race oversells: the assertions above mean something."""

    def unconditional(
        key: Mapping[str, str], expression: str, *, condition: str | None, values: dict[str, int]
    ) -> Write:
        kept = {name: value for name, value in values.items() if not name.startswith(":min_")}
        return update(key, expression, values=kept)

    stock(table, "tea", UNITS)
    monkeypatch.setattr("shared.inventory.adapters.stock.update", unconditional)
    race(BUYERS, lambda number: buy(table, number, tea=1))
    assert balance(table, "tea")[0] < 0
