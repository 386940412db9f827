"""Every function takes its sample event, and what it publishes is as the schemas say."""

import json

import boto3
import pytest
from jsonschema import Draft202012Validator

from shared.platform.dynamodb.codec import from_item
from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from tests.functions.inventory.conftest import ORDER, TEA, Service, placed, sample
from tests.support.aws_calls import counted_calls
from tests.support.schemas import check, schema_of
from tools.lab.support.bus_events import failed_ids

PUBLISHED = {
    "inventory.adjusted",
    "inventory.reserved",
    "inventory.rejected",
    "inventory.released",
    "inventory.committed",
}


@pytest.mark.row("OPS-04")
def test_http_functions(service: Service) -> None:
    assert service.send("adjust_stock", sample("adjust_stock")).status == 201
    shown = service.send("get_stock", sample("get_stock"))
    assert shown.json["data"]["available"] == 100


@pytest.mark.row("OPS-04", "EVT-01")
def test_consumers_and_what_is_published(service: Service) -> None:
    service.send("adjust_stock", sample("adjust_stock"))
    for use_case, expected in [
        ("reserve_stock", (98, 2, 0, 100)),
        ("commit_stock", (98, 0, 2, 100)),
        ("release_stock", (100, 0, 0, 100)),
    ]:
        assert failed_ids(service.invoke(use_case, sample(use_case))) == []
        assert service.balance(TEA) == expected
    service.deliver("reserve_stock", placed(1_000, order_id=ORDER.replace("c1", "c2")))
    early = sample("release_stock")
    early["Records"][0]["body"] = early["Records"][0]["body"].replace(ORDER, ORDER[:-2] + "c3")
    service.invoke("release_stock", json.loads(json.dumps(early).replace("00000103", "00000109")))
    details = [detail_of(envelope_of(item)) for item in service.table.events()]
    assert {check(detail) for detail in details} == PUBLISHED


@pytest.mark.row("EVT-01")
def test_a_schema_can_refuse(service: Service) -> None:
    service.send("adjust_stock", sample("adjust_stock"))
    (event,) = (detail_of(envelope_of(item)) for item in service.table.events())
    validator = Draft202012Validator(schema_of("inventory.adjusted", 1))
    for spoilt in (
        event | {"surprise": 1},
        event | {"data": event["data"] | {"available": -1}},
        event | {"data": event["data"] | {"surprise": 1}},
        {name: value for name, value in event.items() if name != "id"},
    ):
        assert not validator.is_valid(spoilt)


@pytest.mark.row("OPS-04", "EVT-02")
def test_relay(service: Service) -> None:
    boto3.client("events").create_event_bus(Name="test")
    with counted_calls() as calls:
        assert failed_ids(service.invoke("relay_events", sample("relay_events"))) == []
    assert calls.of("events") == {"PutEvents": 1}
    images = [record["dynamodb"]["NewImage"] for record in sample("relay_events")["Records"]]
    items = [from_item(image) for image in images]
    events = [item for item in items if item["SK"].startswith("EVENT#")]
    assert [check(detail_of(envelope_of(item))) for item in events] == ["inventory.adjusted"]
