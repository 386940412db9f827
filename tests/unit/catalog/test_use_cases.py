"""Use cases and queries on the fake."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.catalog.adapters.rule_book import evaluate
from shared.catalog.domain.details import ProductDetails
from shared.catalog.domain.errors import (
    MnemonicTaken,
    PriceChangeTooLarge,
    ProductChanged,
    ProductNotFound,
)
from shared.catalog.ports import Audience, ProductOrder
from shared.catalog.queries.get_product import GetProduct, GetProductHandler
from shared.catalog.queries.list_products import ListProducts, ListProductsHandler
from shared.catalog.use_cases.create_product import CreateProduct, CreateProductHandler
from shared.catalog.use_cases.update_product import UpdateProduct, UpdateProductHandler
from shared.kernel.clock import FixedClock
from shared.kernel.money import Money
from shared.kernel.paging import Page, PageRequest
from shared.kernel.specification import Specification
from tests.support.fakes.database import Database
from tests.unit.catalog.fakes import GBP, NOW, CatalogInMemory, a_product

pytestmark = pytest.mark.row("CQR-01")
TEAPOT = CreateProduct(
    mnemonic="TEAPOT", overview="A teapot.", is_confidential=False, price=Money(1_000, GBP)
)
SHOWN = ProductDetails.of(a_product())


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


def created(database: Database, clock: FixedClock, id: str = "p-1") -> ProductDetails:
    create = CreateProductHandler(
        uow=CatalogInMemory(database, clock=clock),
        clock=clock,
        new_id=lambda: id,
        evaluate=evaluate,
    )
    return create(TEAPOT)


def test_a_product_is_created(database: Database, clock: FixedClock) -> None:
    assert created(database, clock) == SHOWN
    assert SHOWN.to_data()["created_at"] == "2026-01-01T12:00:00.000Z"
    assert ProductDetails.from_data(SHOWN.to_data()) == SHOWN
    assert database.event_types == ["product.created"]


@pytest.mark.row("VAL-04")
def test_a_mnemonic_is_taken_once(database: Database, clock: FixedClock) -> None:
    created(database, clock)
    with pytest.raises(MnemonicTaken) as refused:
        created(database, clock, "p-2")
    assert refused.value.details == {"mnemonic": "TEAPOT"}
    assert database.event_types == ["product.created"]


def test_a_product_is_changed(database: Database, clock: FixedClock) -> None:
    created(database, clock)
    clock.advance(timedelta(hours=1))
    update = UpdateProductHandler(uow=CatalogInMemory(database), clock=clock, evaluate=evaluate)
    changed = update(UpdateProduct(product_id="p-1", overview="New."))
    assert changed == replace(
        SHOWN, overview="New.", version=2, updated_at="2026-01-01T13:00:00.000Z"
    )
    assert update(UpdateProduct(product_id="p-1", overview="New.")) == changed
    assert database.event_types == ["product.created", "product.updated"]


@pytest.mark.row("API-04")
def test_only_the_version_that_was_read_is_changed(database: Database, clock: FixedClock) -> None:
    created(database, clock)
    update = UpdateProductHandler(uow=CatalogInMemory(database), clock=clock, evaluate=evaluate)
    first = UpdateProduct(product_id="p-1", overview="New.", versions=frozenset({1}))
    assert update(first).version == 2
    with pytest.raises(ProductChanged) as refused:
        update(first)
    assert refused.value.details == {"version": 2}


@pytest.mark.row("PRM-04")
def test_a_price_is_held_against_that_of_a_day_ago(database: Database, clock: FixedClock) -> None:
    """By hours since the product was made: what is tried, and whether it is within a fifth."""
    created(database, clock)
    update = UpdateProductHandler(
        uow=CatalogInMemory(database, clock=clock), clock=clock, evaluate=evaluate
    )
    hours = 0
    for at, amount, is_taken in [
        (0, 1_200, True),  # of 1000, its first price
        (1, 1_201, False),
        (1, 800, True),
        (23, 799, False),
        (24, 1_440, True),  # 1200 is what it cost at hour 0: the second price there was then
        (25, 961, False),  # of 800
        (25, 960, True),
        (49, 1_152, True),  # of 960
        (49, 767, False),
    ]:
        clock.advance(timedelta(hours=at - hours))
        hours = at
        command = UpdateProduct(product_id="p-1", price=Money(amount, GBP))
        if is_taken:
            assert update(command).price["amount"] == amount
        else:
            with pytest.raises(PriceChangeTooLarge):
                update(command)


def test_what_is_not_there_is_not_changed(database: Database, clock: FixedClock) -> None:
    with pytest.raises(ProductNotFound):
        UpdateProductHandler(uow=CatalogInMemory(database), clock=clock, evaluate=evaluate)(
            UpdateProduct(product_id="p-1")
        )


class _Reader:
    def find(self, product_id: str) -> ProductDetails | None:
        known = {"p-1": SHOWN, "p-2": replace(SHOWN, id="p-2", is_confidential=True)}
        return known.get(product_id)


@pytest.mark.row("PRM-03")
def test_confidential_products_look_as_if_they_were_not_there() -> None:
    get = GetProductHandler(products=_Reader())
    assert get(GetProduct(product_id="p-1", confidential_too=False)).id == "p-1"
    assert get(GetProduct(product_id="p-2", confidential_too=True)).id == "p-2"
    for product_id, confidential_too in [("p-2", False), ("p-3", True)]:
        with pytest.raises(ProductNotFound) as refused:
            get(GetProduct(product_id=product_id, confidential_too=confidential_too))
        assert refused.value.details == {"product_id": product_id}


class _Lists:
    def page(
        self,
        asked: PageRequest,
        *,
        audience: Audience,
        order: ProductOrder,
        descending: bool,
        reader_id: str | None,
        where: Specification[Any] | None = None,
    ) -> Page[ProductDetails]:
        return Page(items=(replace(SHOWN, overview=f"{audience} {order}"),))

    def total(self, audience: Audience) -> int:
        return {Audience.PUBLIC: 1, Audience.ALL: 2}[audience]


@pytest.mark.row("PAG-01")
@pytest.mark.parametrize(
    ("confidential_too", "audience", "total"), [(False, "public", 1), (True, "all", 2)]
)
def test_each_audience_has_its_list_and_total(
    confidential_too: bool, audience: str, total: int
) -> None:
    query = ListProducts(
        page=PageRequest(limit=10, include_total=True),
        order=ProductOrder.MNEMONIC,
        descending=False,
        confidential_too=confidential_too,
        reader_id=None,
    )
    handler = ListProductsHandler(lists=_Lists())
    page = handler(query)
    assert page.items[0].overview == f"{audience} mnemonic"
    assert page.total == total
    assert handler(replace(query, page=PageRequest(limit=10))).total is None
