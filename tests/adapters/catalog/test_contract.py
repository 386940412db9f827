"""Products are kept alike by the fake, moto and DynamoDB Local."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.catalog.adapters.unit_of_work import DynamoCatalogUnitOfWork
from shared.catalog.domain.details import ProductDetails
from shared.catalog.domain.errors import MnemonicTaken, ProductNotFound
from shared.catalog.domain.product import Product
from shared.catalog.ports import CatalogUnitOfWork
from shared.kernel.errors import StaleAggregate
from shared.kernel.money import Money
from tests.support.fakes.database import Database
from tests.support.tiers import DYNAMODB_LOCAL
from tests.unit.catalog.fakes import GBP, NOW, CatalogInMemory, a_product

pytestmark = pytest.mark.row("CQR-02", "CQR-03")
NewUnitOfWork = Callable[[], CatalogUnitOfWork]


@pytest.fixture(params=["in_memory", "moto", DYNAMODB_LOCAL])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def new_uow(engine: str, request: pytest.FixtureRequest) -> NewUnitOfWork:
    if engine == "in_memory":
        database = Database()
        return lambda: CatalogInMemory(database)
    table = request.getfixturevalue("table")
    return lambda: DynamoCatalogUnitOfWork(table.client, table.name)


def saved(uow: CatalogUnitOfWork, *products: Product) -> None:
    with uow:
        for product in products:
            uow.products.save(product)
        uow.commit()


def test_what_is_saved_is_loaded(new_uow: NewUnitOfWork) -> None:
    product = a_product(is_confidential=True)
    product.change(at=NOW + timedelta(hours=1), overview="New: 🫖", price=Money(1_100, GBP))
    saved(new_uow(), product)
    loaded = new_uow().products.get("p-1")
    assert ProductDetails.of(loaded) == ProductDetails.of(product)
    assert (loaded.version, loaded.pending_events) == (2, ())


def test_what_is_not_there_is_not_found(new_uow: NewUnitOfWork) -> None:
    with pytest.raises(ProductNotFound):
        new_uow().products.get("p-0")


def test_a_loaded_product_has_no_price_that_came_after_it(new_uow: NewUnitOfWork) -> None:
    saved(new_uow(), a_product())
    with new_uow() as uow:
        loaded = uow.products.get("p-1")
        with new_uow() as other:
            changed = other.products.get("p-1")
            changed.change(at=NOW + timedelta(hours=1), price=Money(1_100, GBP))
            other.products.save(changed)
            other.commit()
        assert [point.amount for point in loaded.price_history.value] == [loaded.price.amount]
    with new_uow() as uow:
        again = uow.products.get("p-1").price_history.value
    assert [point.amount for point in again] == [loaded.price.amount, 1_100]


@pytest.mark.row("VAL-04")
def test_a_mnemonic_is_taken_once(new_uow: NewUnitOfWork) -> None:
    saved(new_uow(), a_product("p-1"))
    with pytest.raises(MnemonicTaken):
        saved(new_uow(), a_product("p-2"))
    with pytest.raises(ProductNotFound):
        new_uow().products.get("p-2")
    saved(new_uow(), a_product("p-2", mnemonic="KETTLE"))


def test_changes_take_turns(new_uow: NewUnitOfWork) -> None:
    saved(new_uow(), a_product())
    slow, fast = new_uow().products.get("p-1"), new_uow().products.get("p-1")
    fast.change(at=NOW, overview="Fast.")
    slow.change(at=NOW, overview="Slow.")
    saved(new_uow(), fast)
    with pytest.raises(StaleAggregate):
        saved(new_uow(), slow)
    assert new_uow().products.get("p-1").overview == "Fast."


def test_what_did_not_change_is_not_written(new_uow: NewUnitOfWork) -> None:
    saved(new_uow(), a_product())
    product = new_uow().products.get("p-1")
    product.change(at=NOW, overview="A teapot.")
    saved(new_uow(), product)
    assert new_uow().products.get("p-1").version == 1
