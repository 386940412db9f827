"""Calls that only rare requests make: they are granted, so they have to be seen."""

import asyncio
import io
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from botocore import handlers
from botocore.model import OperationModel

from shared.kernel.ids import new_id
from tests.support.aws_calls import counted_calls
from tools.lab.authorization.world import World, built, invoke
from tools.lab.privileges.symbols import System
from tools.lab.support import environment
from tools.lab.support.functions import sample_event


@pytest.fixture(scope="module")
def world(_one_event_loop: asyncio.AbstractEventLoop) -> Iterator[World]:
    asyncio.set_event_loop(_one_event_loop)
    with built(System()) as world:
        yield world


@pytest.fixture(autouse=True)
def _fresh_runtime() -> None:
    """The world sees to that."""


@pytest.mark.row("API-02", "API-03", "OPS-05")
def test_the_second_version_answers_a_repeated_request_from_its_record(world: World) -> None:
    answers = [
        invoke(world, "catalog/create_product_v2", sample_event("catalog", "create_product_v2"))
        for _ in range(2)
    ]
    assert [answer["statusCode"] for answer in answers] == [201, 201]
    first, second = (json.loads(answer["body"])["data"]["id"] for answer in answers)
    assert first == second
    world.undo()


@pytest.mark.row("API-02", "OPS-05")
def test_the_second_version_moves_a_product_between_the_lists(world: World) -> None:
    event = sample_event("catalog", "update_product_v2")
    event["body"] = json.dumps({"is_confidential": True})
    event["headers"]["content-length"] = str(len(event["body"]))
    answer = invoke(world, "catalog/update_product_v2", event)
    assert answer["statusCode"] == 200, answer["body"]
    world.undo()


@pytest.mark.row("API-02", "OPS-05")
def test_the_second_version_reads_the_prices_of_the_last_day(world: World) -> None:
    event = sample_event("catalog", "update_product_v2")
    event["body"] = json.dumps({"price": {"amount": 1_300, "currency": "GBP"}})
    event["headers"]["content-length"] = str(len(event["body"]))
    event["requestContext"]["authorizer"]["lambda"]["role"] = "merchandiser"
    with counted_calls() as calls:
        answer = invoke(world, "catalog/update_product_v2", event)
    assert answer["statusCode"] == 200, answer["body"]
    assert calls.dynamodb["Query"] == 1
    world.undo()


@pytest.mark.row("FLG-01", "OPS-05")
@pytest.mark.parametrize("use_case", ["notify_on_event", "notify_sales"])
def test_flags_are_read_from_appconfig(
    world: World, use_case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = f"notifications/{use_case}"
    asked: list[str] = []

    def answer(model: OperationModel, **_: Any) -> tuple[Any, dict[str, Any]]:
        asked.append(model.name)
        document = io.BytesIO(b'{"none_set_yet": {"default": true}}')
        answers = {
            "StartConfigurationSession": {"InitialConfigurationToken": "first"},
            "GetLatestConfiguration": {
                "NextPollConfigurationToken": "second",
                "Configuration": document,
            },
        }
        return SimpleNamespace(status_code=200), answers[model.name]

    builtin = [*handlers.BUILTIN_HANDLERS, ("before-call.appconfigdata", answer)]
    monkeypatch.setattr(handlers, "BUILTIN_HANDLERS", builtin)  # moto knows no AppConfig data
    world.enter(function)
    environment.forget_cached()
    event = sample_event("notifications", use_case)
    for record in event["Records"]:  # as new events: the scene has seen the samples
        body = json.loads(record["body"])
        body["detail"]["id"] = new_id()
        record["body"] = json.dumps(body)
    invoke(world, function, event)
    world.undo()
    environment.forget_cached()
    assert asked == ["StartConfigurationSession", "GetLatestConfiguration"]


@pytest.mark.row("FLG-02", "OPS-05")
def test_published_flags_are_compared_and_old_versions_removed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(model: OperationModel, **_: Any) -> tuple[Any, dict[str, Any]]:
        asked.append(model.name)
        answers: dict[str, dict[str, Any]] = {
            "ListHostedConfigurationVersions": {
                "Items": [{"VersionNumber": number} for number in range(1, 23)]
            },
            "GetHostedConfigurationVersion": {"Content": io.BytesIO(b'{"other": {}}')},
            "CreateHostedConfigurationVersion": {"VersionNumber": 23},
        }
        return SimpleNamespace(status_code=200), answers.get(model.name, {})

    builtin = [*handlers.BUILTIN_HANDLERS, ("before-call.appconfig", answer)]
    monkeypatch.setattr(handlers, "BUILTIN_HANDLERS", builtin)  # moto lists no hosted versions
    world.enter("operations/publish_flags")
    environment.forget_cached()
    event = sample_event("operations", "publish_flags")
    for record in event["Records"]:
        body = json.loads(record["body"])
        body["detail"]["id"] = new_id()
        record["body"] = json.dumps(body)
    invoke(world, "operations/publish_flags", event)
    world.undo()
    environment.forget_cached()
    assert asked == [
        "ListHostedConfigurationVersions",
        "GetHostedConfigurationVersion",
        "CreateHostedConfigurationVersion",
        "StartDeployment",
        "ListHostedConfigurationVersions",
        "DeleteHostedConfigurationVersion",
        "DeleteHostedConfigurationVersion",
    ]
