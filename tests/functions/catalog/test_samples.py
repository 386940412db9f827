"""Every function takes its sample event, and what it publishes is as the schemas say."""

import boto3
import pytest

from shared.catalog.adapters.rule_evaluation import evaluate
from shared.catalog.adapters.unit_of_work import DynamoCatalogUnitOfWork
from shared.catalog.domain.rule import Subject
from shared.platform.dynamodb.codec import from_item
from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from tests.functions.catalog.conftest import Service, sample
from tests.support.aws_calls import counted_calls
from tests.support.schemas import check
from tests.unit.catalog.fakes import NOW, a_product, a_rule
from tools.lab.support.bus_events import failed_ids

PRODUCT = "0190a000-0000-7000-8000-0000000000b1"
RULE = "0190a000-0000-7000-8000-0000000000e1"


@pytest.fixture
def scene(service: Service) -> Service:
    """The product that the samples speak of."""
    with DynamoCatalogUnitOfWork(service.table.client, service.table.name) as uow:
        uow.products.save(a_product(PRODUCT, price=1_295))
        book = uow.rule_books.of(Subject.ORDER_LINE)
        book.add(a_rule(Subject.ORDER_LINE, id=RULE), at=NOW, evaluate=evaluate)
        uow.rule_books.save(book)
        uow.commit()
    return service


@pytest.mark.row("OPS-04")
@pytest.mark.parametrize(
    ("use_case", "status"),
    [
        ("create_product", 201),
        ("get_product", 200),
        ("list_products", 200),
        ("update_product", 200),
        ("create_product_v2", 201),
        ("get_product_v2", 200),
        ("list_products_v2", 200),
        ("update_product_v2", 200),
        ("add_business_rule", 201),
        ("end_business_rule", 200),
        ("list_business_rules", 200),
        ("validate_against_rules", 200),
    ],
)
def test_http_functions(scene: Service, use_case: str, status: int) -> None:
    answer = scene.send(use_case, sample(use_case))
    assert (answer.status, answer.json["success"]) == (status, True)


@pytest.mark.row("EVT-01")
def test_what_is_published(scene: Service) -> None:
    scene.send("update_product", sample("update_product"))
    scene.update(PRODUCT, {"overview": "New.", "is_confidential": True})
    scene.send("add_business_rule", sample("add_business_rule"))
    scene.send("end_business_rule", sample("end_business_rule"))
    details = [detail_of(envelope_of(item)) for item in scene.table.events()]
    types = [check(detail) for detail in details]
    assert types == [
        "product.created",
        "product.updated",
        "product.updated",
        "business_rule.added",
        "business_rule.added",
        "business_rule.ended",
    ]


@pytest.mark.row("OPS-04", "EVT-02")
def test_relay(service: Service) -> None:
    boto3.client("events").create_event_bus(Name="test")
    with counted_calls() as calls:
        assert failed_ids(service.invoke("relay_events", sample("relay_events"))) == []
    assert calls.of("events") == {"PutEvents": 1}
    images = [record["dynamodb"]["NewImage"] for record in sample("relay_events")["Records"]]
    items = [from_item(image) for image in images]
    events = [item for item in items if item["SK"].startswith("EVENT#")]
    assert [check(detail_of(envelope_of(item))) for item in events] == ["product.created"]
