"""What each use case costs: round trips to the table, and what its transaction is made of."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.inventory.adapters.stock_reader import DynamoStockReader
from shared.inventory.adapters.unit_of_work import DynamoInventoryUnitOfWork
from shared.inventory.domain.stock import Stock
from shared.inventory.use_cases.adjust_stock import AdjustStock, AdjustStockHandler
from shared.inventory.use_cases.commit_stock import CommitStock, CommitStockHandler
from shared.inventory.use_cases.release_stock import ReleaseStock, ReleaseStockHandler
from shared.inventory.use_cases.reserve_stock import ReserveStock, ReserveStockHandler
from shared.platform.runtime.context import Inbox, request_context
from tests.support.aws_calls import Calls, counted_calls
from tests.support.transactions import sent_transactions
from tests.unit.inventory.fakes import Directory, demand
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("CQR-02")
PRODUCTS = [f"p-{number}" for number in range(50)]


@pytest.fixture
def engine() -> str:
    """Moto takes a hundred actions in a transaction, as DynamoDB does."""
    return "moto"


@contextmanager
def handling(event_id: str) -> Iterator[tuple[Calls, list[dict[str, int]]]]:
    """Handle an event, and see what is sent for it."""
    inbox = Inbox(consumer="inventory", event_id=event_id)
    with (
        request_context(inbox=inbox),
        counted_calls() as calls,
        sent_transactions() as transactions,
    ):
        yield calls, transactions


def uow(table: Table) -> DynamoInventoryUnitOfWork:
    return DynamoInventoryUnitOfWork(table.client, table.name)


def stock(table: Table, *products: str) -> None:
    for product in products:
        with uow(table) as unit:
            found = Stock(product)
            unit.stocks.adjust(found, {product: found.adjust(10, reason="delivery")})
            unit.commit()


def test_an_adjustment(table: Table) -> None:
    stock(table, "tea")
    adjust = AdjustStockHandler(uow=uow(table), products=Directory())
    with counted_calls() as calls, sent_transactions() as transactions:
        adjust(AdjustStock(product_id="tea", quantity=5, reason="delivery", confidential_too=True))
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}
    assert transactions == [{"Update": 1, "Put": 1}]


def test_a_read(table: Table) -> None:
    stock(table, "tea")
    with counted_calls() as calls:
        DynamoStockReader(table.client, table.name).balance("tea")
    assert calls.dynamodb == {"GetItem": 1}


def test_an_order(table: Table) -> None:
    stock(table, "tea", "pot")
    with handling("e-1") as (calls, transactions):
        ReserveStockHandler(uow=uow(table))(ReserveStock(demand=demand("o-1", tea=1, pot=1)))
    assert calls.dynamodb == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert transactions == [{"Update": 2, "Put": 3}]
    with handling("e-2") as (calls, transactions):
        CommitStockHandler(uow=uow(table))(CommitStock(order_id="o-1"))
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}
    assert transactions == [{"Update": 2, "Put": 3}]
    with handling("e-3") as (calls, transactions):
        ReleaseStockHandler(uow=uow(table))(ReleaseStock(order_id="o-1", reason="cancelled"))
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}
    assert transactions == [{"Update": 2, "Put": 3}]


def test_an_order_of_fifty_lines_is_one_transaction(table: Table) -> None:
    stock(table, *PRODUCTS)
    basket = dict.fromkeys(PRODUCTS, 2)
    with handling("e-1") as (calls, transactions):
        ReserveStockHandler(uow=uow(table))(ReserveStock(demand=demand("o-1", **basket)))
    assert calls.dynamodb == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert transactions == [{"Update": 50, "Put": 3}]
    assert {item["reserved"] for item in table.states("Stock#")} == {2}


def test_a_fifty_line_order_that_is_short_takes_nothing(table: Table) -> None:
    stock(table, *PRODUCTS)
    basket = dict.fromkeys(PRODUCTS, 2) | {PRODUCTS[-1]: 11}
    with handling("e-1") as (_, transactions):
        ReserveStockHandler(uow=uow(table))(ReserveStock(demand=demand("o-1", **basket)))
    assert transactions == [{"Put": 3}]
    assert {item["reserved"] for item in table.states("Stock#")} == {0}
