"""What each command costs, and that pages cost the same wherever they are."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.catalog.adapters.product import list_entry
from shared.catalog.adapters.product_reader import DynamoProductListReader, DynamoProductReader
from shared.catalog.adapters.rule_book import evaluate
from shared.catalog.adapters.unit_of_work import DynamoCatalogUnitOfWork
from shared.catalog.domain.product import Product
from shared.catalog.ports import Audience, ProductOrder
from shared.catalog.use_cases.create_product import CreateProduct, CreateProductHandler
from shared.catalog.use_cases.update_product import UpdateProduct, UpdateProductHandler
from shared.kernel.clock import FixedClock
from shared.kernel.money import Money
from shared.kernel.paging import PageRequest
from shared.platform.dynamodb.codec import to_item
from shared.platform.runtime.context import Idempotency, request_context
from tests.support.aws_calls import counted_calls
from tests.support.racing import race
from tests.support.transactions import sent_transactions
from tests.unit.catalog.fakes import GBP, NOW, a_product
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("CQR-02")
Save = Callable[..., None]


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """Its read capacity is the real one."""
    return "dynamodb_local"


def creating(table: Table, id: str = "p-1", *, is_confidential: bool = False) -> None:
    create = CreateProductHandler(
        uow=DynamoCatalogUnitOfWork(table.client, table.name),
        clock=FixedClock(NOW),
        new_id=lambda: id,
        evaluate=evaluate,
    )
    create(
        CreateProduct(
            mnemonic="TEAPOT",
            overview="A teapot.",
            is_confidential=is_confidential,
            price=Money(1_000, GBP),
        )
    )


def test_creating(table: Table) -> None:
    request = Idempotency(principal="u-1", route="POST", key="k", fingerprint="f")
    with (
        request_context(idempotency=request),
        counted_calls() as calls,
        sent_transactions() as transactions,
    ):
        creating(table)
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}
    # state, event, mnemonic, request, the entry's generation; two list entries and two totals
    assert transactions == [{"Put": 7, "Update": 2}]


def test_creating_a_confidential_product(table: Table) -> None:
    with sent_transactions() as transactions:
        creating(table, is_confidential=True)
    assert transactions == [{"Put": 5, "Update": 1}]


def test_changing(table: Table) -> None:
    creating(table)
    update = UpdateProductHandler(
        uow=DynamoCatalogUnitOfWork(table.client, table.name),
        clock=FixedClock(NOW),
        evaluate=evaluate,
    )
    for command, expected in [
        (UpdateProduct(product_id="p-1", overview="New."), {"Put": 5}),
        (
            UpdateProduct(product_id="p-1", is_confidential=True, may_publish=True),
            {"Put": 4, "Delete": 1, "Update": 1},
        ),
    ]:
        with counted_calls() as calls, sent_transactions() as transactions:
            update(command)
        assert calls.dynamodb == {"BatchGetItem": 1, "TransactWriteItems": 1}
        assert transactions == [expected]
    with counted_calls() as calls:
        update(UpdateProduct(product_id="p-1", is_confidential=True, confidential_too=True))
    assert calls.dynamodb == {"BatchGetItem": 1}


def test_a_price_is_held_against_the_history_if_there_is_one_of_the_last_day(table: Table) -> None:
    creating(table)
    clock = FixedClock(NOW + timedelta(hours=1))
    update = UpdateProductHandler(
        uow=DynamoCatalogUnitOfWork(table.client, table.name, clock=clock),
        clock=clock,
        evaluate=evaluate,
    )
    for hours, price, reads in [
        (0, 1_200, {"BatchGetItem": 1, "Query": 1}),  # as old as an hour
        (1, 800, {"BatchGetItem": 1, "Query": 1}),
        (24, 960, {"BatchGetItem": 1}),  # nothing happened for a day
    ]:
        clock.advance(timedelta(hours=hours))
        with counted_calls() as calls:
            update(UpdateProduct(product_id="p-1", price=Money(price, GBP)))
        assert calls.dynamodb == reads | {"TransactWriteItems": 1}
    with counted_calls() as calls:
        update(UpdateProduct(product_id="p-1", price=Money(9, GBP), any_price=True))
    assert calls.dynamodb == {"BatchGetItem": 1, "TransactWriteItems": 1}


def test_showing(table: Table, save: Save) -> None:
    save(a_product())
    with counted_calls() as calls:
        DynamoProductReader(table.client, table.name).find("p-1")
    assert (calls.dynamodb, calls.units) == ({"GetItem": 1}, 1)


@pytest.mark.row("PAG-04")
@pytest.mark.parametrize("order", ProductOrder)
def test_the_last_page_costs_what_the_first_does(
    save: Save, lists: DynamoProductListReader, order: ProductOrder
) -> None:
    save(*(a_product(f"p-{n}", mnemonic=f"M{n}", at=NOW + timedelta(0, n)) for n in range(60)))
    cursor, costs = None, []
    for _ in range(6):
        with counted_calls() as calls:
            page = lists.page(
                PageRequest(limit=10, cursor=cursor),
                audience=Audience.ALL,
                order=order,
                descending=True,
                reader_id=None,
            )
        cursor = page.next_cursor
        costs.append((calls.round_trips, calls.units))
    assert set(costs) == {(1, 0.5)}


@pytest.mark.row("VAL-04")
def test_one_of_many_gets_the_mnemonic(table: Table) -> None:
    outcomes = race(20, lambda number: creating(table, f"p-{number}"))
    kinds = sorted(type(outcome).__name__ for outcome in outcomes)
    assert kinds == ["MnemonicTaken"] * 19 + ["NoneType"]
    assert len(table.events("Product#")) == 1
    assert [item["amount"] for item in table.items("COUNTER#")] == [1, 1]


@pytest.mark.row("PAG-01")
def test_what_an_entry_costs_in_the_indexes(table: Table) -> None:
    """A new price moves the entry in one of them: it is taken out and put in."""

    def units(product: Product) -> dict[str, float]:
        answer = table.client.put_item(
            TableName=table.name,
            Item=to_item(list_entry(product, Audience.ALL)),
            ReturnConsumedCapacity="INDEXES",
        )
        indexes = answer["ConsumedCapacity"]["GlobalSecondaryIndexes"]
        return {name: used["CapacityUnits"] for name, used in indexes.items()}

    product = a_product()
    assert units(product) == {"GSI1": 1, "GSI3": 1}
    product.change(at=NOW, overview="New.")
    assert units(product) == {"GSI1": 1, "GSI3": 1}
    product.change(at=NOW, price=Money(1_100, GBP))
    assert units(product) == {"GSI1": 1, "GSI3": 2}
