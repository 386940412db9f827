"""GET /api/v2/products/{product_id}/details: kept, and right after every write."""

import importlib
from datetime import timedelta
from typing import Any

import boto3
import pytest

from shared.catalog.adapters.unit_of_work import DynamoCatalogUnitOfWork
from shared.inventory.adapters.unit_of_work import DynamoInventoryUnitOfWork
from shared.inventory.use_cases.adjust_stock import AdjustStock, AdjustStockHandler
from shared.kernel.clock import FixedClock
from shared.kernel.money import Money
from tests.conftest import TableFactory
from tests.support.aws_calls import counted_calls
from tests.support.redis_server import RedisServer
from tests.support.tiers import REDIS
from tests.unit.catalog.fakes import NOW, a_product
from tools.lab.support import environment
from tools.lab.support.functions import Answer, sample_event
from tools.lab.support.http_events import http_event
from tools.lab.support.lambda_context import LambdaContext
from tools.lab.support.tables import Table

PRODUCT = "0190a000-0000-7000-8000-0000000000b1"
ROUTE = "/api/v2/products/{product_id}/details"
HIT = {"BatchGetItem": 1, "GetItem": 1}
SHARED_HIT = {"BatchGetItem": 2, "GetItem": 1}


class Known:
    """A catalog that knows every product."""

    def is_confidential(self, _: str) -> bool:
        return False


class Scene:
    """A product in the catalog's table, and its stock in the inventory's."""

    def __init__(self, catalog: Table, inventory: Table) -> None:
        self.catalog, self.inventory = catalog, inventory

    def create(self, **known: Any) -> None:
        with DynamoCatalogUnitOfWork(self.catalog.client, self.catalog.name) as uow:
            uow.products.save(a_product(PRODUCT, **known))
            uow.commit()

    def change(self, *, days: int = 1, commit: bool = True, **changes: Any) -> None:
        at = NOW + timedelta(days=days)
        uow = DynamoCatalogUnitOfWork(self.catalog.client, self.catalog.name, clock=FixedClock(at))
        with uow:
            product = uow.products.get(PRODUCT)
            product.change(at=at, any_price=True, may_publish=True, **changes)
            uow.products.save(product)
            if commit:
                uow.commit()

    def stock(self, by: int) -> None:
        uow = DynamoInventoryUnitOfWork(self.inventory.client, self.inventory.name)
        adjust = AdjustStockHandler(uow=uow, products=Known())
        adjust(
            AdjustStock(product_id=PRODUCT, quantity=by, reason="delivery", confidential_too=True)
        )

    def details(self, product: str = PRODUCT, **headers: str) -> Answer:
        event = http_event(
            "GET",
            ROUTE.replace("{product_id}", product),
            route=ROUTE,
            path_parameters={"product_id": product},
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        module = importlib.import_module("functions.gateway.get_product_details.handler")
        return Answer.of(module.handler(event, LambdaContext()))


@pytest.fixture(params=["memory", REDIS, "dynamodb", "none"])
def entries(
    request: pytest.FixtureRequest, make_table: TableFactory, monkeypatch: pytest.MonkeyPatch
) -> str:
    name: str = request.param
    monkeypatch.setenv("CACHE_ENTRIES", name)
    if name == "redis":
        url = request.getfixturevalue("redis").url
        secret = boto3.client("secretsmanager").create_secret(Name="redis", SecretString=url)
        monkeypatch.setenv("CACHE_REDIS_SECRET_ARN", secret["ARN"])
    if name == "dynamodb":
        monkeypatch.setenv("CACHE_TABLE_NAME", make_table().name)
    return name


@pytest.fixture
def scene(entries: str, make_table: TableFactory, monkeypatch: pytest.MonkeyPatch) -> Scene:
    catalog, inventory = make_table(), make_table()
    monkeypatch.setenv("SERVICE", "gateway")
    monkeypatch.delenv("TABLE_NAME")
    monkeypatch.setenv("CATALOG_TABLE_NAME", catalog.name)
    monkeypatch.setenv("INVENTORY_TABLE_NAME", inventory.name)
    environment.forget_cached()
    return Scene(catalog, inventory)


@pytest.mark.row("CAC-03")
def test_every_write_to_any_part_shows_at_once(scene: Scene) -> None:
    scene.create(price=1_000)
    first = scene.details()
    assert (first.status, first.data["stock"]) == (200, None)
    assert [point["amount"] for point in first.data["price_history"]] == [1_000]
    scene.stock(5)
    assert scene.details().data["stock"] == {"available": 5}
    scene.change(price=Money(1_500, "GBP"), days=1)
    after = scene.details().data
    assert after["price"] == {"amount": 1_500, "currency": "GBP"}
    assert [(point["amount"], point["since"][:10]) for point in after["price_history"]][1:] == [
        (1_500, "2026-01-02")
    ]
    scene.change(overview="New.")
    assert scene.details().data["overview"] == "New."
    scene.change(overview="Never committed.", commit=False)
    assert scene.details().data["overview"] == "New."
    scene.change(is_confidential=True)
    assert scene.details().status == 404
    scene.change(is_confidential=False)
    scene.stock(-2)
    assert scene.details().data["stock"] == {"available": 3}


@pytest.mark.row("CAC-03")
def test_what_it_cost_while_it_was_confidential_stays_confidential(scene: Scene) -> None:
    scene.create(price=1_000, is_confidential=True)
    scene.change(price=Money(2_000, "GBP"), days=1)
    scene.change(price=Money(3_000, "GBP"), is_confidential=False, days=2)
    scene.change(price=Money(4_000, "GBP"), days=3)
    scene.change(is_confidential=True, days=4)
    scene.change(price=Money(5_000, "GBP"), days=5)
    scene.change(price=Money(4_000, "GBP"), days=6)
    scene.change(is_confidential=False, days=7)
    scene.change(price=Money(6_000, "GBP"), days=8)
    points = scene.details().data["price_history"]
    assert [(point["amount"], point["since"][:10]) for point in points] == [
        (3_000, "2026-01-03"),
        (4_000, "2026-01-04"),
        (6_000, "2026-01-09"),
    ]
    assert [set(point) for point in points] == [{"amount", "currency", "since"}] * 3


@pytest.mark.row("CAC-02")
@pytest.mark.row("CQR-05")
def test_what_it_costs(scene: Scene, entries: str) -> None:
    """The history, one query of all the product's events, is read once for each version."""
    scene.create()
    scene.details()
    scene.change(overview="New.")
    counts = []
    for _ in range(3):
        with counted_calls() as calls:
            scene.details()
        counts.append(calls.dynamodb)
    if entries == "memory":
        assert counts[0]["Query"] == 1
        assert counts[1:] == [HIT, HIT]
    elif entries == "redis":
        assert counts[1:] == [HIT, HIT]
    elif entries == "dynamodb":
        assert counts[1:] == [SHARED_HIT, SHARED_HIT]
    else:
        assert all(count["Query"] == 1 for count in counts)


@pytest.mark.row("CQR-05")
def test_who_does_not_ask_for_the_history_does_not_pay(scene: Scene) -> None:
    scene.create()
    with DynamoCatalogUnitOfWork(scene.catalog.client, scene.catalog.name) as uow:
        with counted_calls() as calls:
            product = uow.products.get(PRODUCT)
        assert calls.dynamodb == {"GetItem": 1}
        assert not product.price_history.is_loaded
        with counted_calls() as calls:
            assert [point.amount for point in product.price_history.value] == [1_000]
            _ = product.price_history.value
        assert calls.dynamodb == {"Query": 1}


@pytest.mark.row("CAC-04")
def test_it_may_be_kept_and_must_be_asked_about(scene: Scene) -> None:
    scene.create()
    first = scene.details()
    assert first.headers["cache-control"] == "public, no-cache"
    tag = first.headers["etag"]
    assert scene.details(if_none_match=tag).status == 304
    scene.stock(1)
    again = scene.details(if_none_match=tag)
    assert (again.status, again.headers["etag"] != tag) == (200, True)


@pytest.mark.row("PRM-03")
@pytest.mark.parametrize(
    "product", ["0190a000-0000-7000-8000-0000000000ff", "x", "..", "x" * 1_500]
)
def test_what_is_not_there_leaves_no_trace(scene: Scene, product: str) -> None:
    answer = scene.details(product)
    assert (answer.status, answer.code) == (404, "PRODUCT_NOT_FOUND")
    assert scene.catalog.items() == []


@pytest.mark.row("OPS-04")
def test_sample(scene: Scene) -> None:
    scene.create()
    module = importlib.import_module("functions.gateway.get_product_details.handler")
    event = sample_event("gateway", "get_product_details")
    assert Answer.of(module.handler(event, LambdaContext())).status == 200


@pytest.mark.row("CAC-01")
@pytest.mark.parametrize("entries", ["redis"], indirect=True)
def test_redis_may_die_at_any_time(
    scene: Scene, redis: RedisServer, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.create()
    scene.details()
    with counted_calls() as calls:
        assert scene.details().status == 200
    assert calls.dynamodb == HIT
    redis.kill()
    scene.change(overview="Written while Redis was gone.")
    for _ in range(2):
        assert scene.details().data["overview"] == "Written while Redis was gone."
    with counted_calls() as calls:
        assert scene.details().status == 200
    assert calls.dynamodb == HIT  # kept in memory meanwhile
    written = capsys.readouterr().out
    assert "cache is out of reach" in written
    assert '"CacheFallback":' in written
