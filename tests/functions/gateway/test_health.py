"""The gateway's functions, from their sample events."""

import importlib
import json
from typing import Any

import boto3
import pytest

from shared.gateway.adapters import readiness_reader
from tests.conftest import TableFactory
from tests.support.aws_calls import counted_calls
from tools.check.project import ROOT
from tools.lab.support import environment
from tools.lab.support.http_events import json_of
from tools.lab.support.lambda_context import LambdaContext
from tools.local.templates import load_template

SAMPLES = ROOT / "events" / "gateway"


def answer_of(use_case: str) -> Any:
    """Send the sample event to a function."""
    event = json.loads((SAMPLES / f"{use_case}.json").read_text())
    module = importlib.import_module(f"functions.gateway.{use_case}.handler")
    return module.handler(event, LambdaContext())


@pytest.fixture(autouse=True)
def _gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway has no table; what is checked depends on what is configured."""
    monkeypatch.setenv("SERVICE", "gateway")
    monkeypatch.delenv("TABLE_NAME")
    monkeypatch.setenv("EVENT_BUS_NAME", "")
    environment.forget_cached()


@pytest.mark.row("API-08", "OPS-04")
def test_health_asks_nobody() -> None:
    with counted_calls() as calls:
        answer = answer_of("health")
    assert calls.made == []
    assert answer["statusCode"] == 200
    assert json_of(answer)["data"] == {
        "status": "ok",
        "version": "dev",
        "commit": None,
        "built_at": None,
    }

    assert answer["headers"]["cache-control"] == "no-store"


@pytest.mark.row("API-08")
def test_health_says_which_release_this_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELEASE", "0.1.0+6d0814f0a1b2.20261129T204103Z")
    environment.forget_cached()
    data = json_of(answer_of("health"))["data"]
    assert (data["version"], data["commit"]) == ("0.1.0", "6d0814f0a1b2")
    assert data["built_at"] == "2026-11-29T20:41:03Z"


@pytest.fixture
def shop(make_table: TableFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bus and two tables."""
    boto3.client("events").create_event_bus(Name="shop")
    monkeypatch.setenv("EVENT_BUS_NAME", "shop")
    names = f"orders={make_table().name},payments=,catalog={make_table().name}"
    monkeypatch.setenv("TABLE_NAMES", names)


@pytest.mark.row("API-08", "OPS-04")
@pytest.mark.usefixtures("shop")
def test_ready_asks_everybody_once() -> None:
    with counted_calls() as calls:
        answer = answer_of("ready")
    assert sorted(calls.made) == [
        ("dynamodb", "GetItem"),
        ("dynamodb", "GetItem"),
        ("events", "DescribeEventBus"),
    ]
    assert answer["statusCode"] == 200
    data = json_of(answer)["data"]
    assert data["status"] == "ok"
    assert [(each["name"], each["status"]) for each in data["dependencies"]] == [
        ("event-bus", "ok"),
        ("orders-table", "ok"),
        ("catalog-table", "ok"),
    ]
    assert all(each["latency_ms"] >= 0 for each in data["dependencies"])


@pytest.mark.row("API-08")
@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("variable", "value", "down"),
    [("EVENT_BUS_NAME", "gone", "event-bus"), ("TABLE_NAMES", "orders=gone", "orders-table")],
)
def test_not_ready_is_a_503_that_says_what_is_down(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, down: str
) -> None:
    monkeypatch.setenv(variable, value)
    answer = answer_of("ready")
    assert answer["statusCode"] == 503
    body = json_of(answer)
    assert (body["success"], body["type"]) == (False, "error")
    assert body["message"] == f"1 dependency does not answer: {down}."
    assert body["data"]["status"] == "down"
    names = [each["name"] for each in body["data"]["dependencies"] if each["status"] == "down"]
    assert names == [down]


@pytest.mark.row("CAC-02")
@pytest.mark.usefixtures("shop")
def test_who_asks_again_at_once_hears_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness_reader, "KEEP_SECONDS", 1e9)  # however slow this machine is
    first = json_of(answer_of("ready"))["data"]
    with counted_calls() as calls:
        again = json_of(answer_of("ready"))["data"]
    assert calls.made == []
    assert again == first


def test_deployed_alone_it_checks_nothing() -> None:
    with counted_calls() as calls:
        answer = answer_of("ready")
    assert calls.made == []
    assert json_of(answer)["data"] == {"status": "ok", "dependencies": []}


@pytest.mark.row("API-08")
def test_every_service_with_a_table_is_asked() -> None:
    root = load_template(ROOT / "template.yaml")["Resources"]
    given = root["Gateway"]["Properties"]["Parameters"]
    ready = load_template(ROOT / "functions/gateway/template.yaml")["Resources"]["ReadyFunction"]
    asked = ready["Properties"]["Environment"]["Variables"]["TABLE_NAMES"]["Fn::Sub"]
    keeping = {
        name
        for name, resource in root.items()
        if resource["Type"] == "AWS::Serverless::Application"
        and "TableName"
        in load_template(ROOT / resource["Properties"]["Location"]).get("Outputs", {})
    }
    assert {name.removesuffix("TableName") for name in given if "TableName" in name} == keeping
    assert sorted(asked.split(",")) == sorted(
        f"{name.lower()}=${{{name}TableName}}" for name in keeping
    )
