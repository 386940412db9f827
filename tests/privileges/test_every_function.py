"""Every function with a table reports what nobody expected: the call that all of them share."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient

from tools.check.project import answers_the_rest
from tools.lab.authorization.world import World, built, invoke
from tools.lab.privileges.symbols import System
from tools.lab.support import environment
from tools.lab.support.functions import sample_event
from tools.lab.support.http_events import json_of

SYSTEM = System()
SCHEDULED = [
    function
    for function, (service, logical_id) in SYSTEM.functions().items()
    for properties in [SYSTEM.templates[service]["Resources"][logical_id]["Properties"]]
    if any(event["Type"] == "Schedule" for event in properties.get("Events", {}).values())
]
REPORTING = [
    function
    for function, (service, logical_id) in SYSTEM.functions().items()
    for properties in [SYSTEM.templates[service]["Resources"][logical_id]["Properties"]]
    if "TABLE_NAME" in SYSTEM.environment(service, logical_id)
    and not function.endswith("/relay_events")
    and not answers_the_rest(function.partition("/")[2])
    and ("Events" in properties or function == "identity/authorize")
    and function not in SCHEDULED
]
"""A relay only moves what there is: its batch comes back. What no route matches asks nobody."""
TASKS = [
    function
    for function, (service, logical_id) in SYSTEM.functions().items()
    if function.startswith("operations/")
    and "Events" not in SYSTEM.templates[service]["Resources"][logical_id]["Properties"]
] + SCHEDULED
"""Who invokes one by hand hears of the failure himself, and it is reported all the same."""
RELAYS = [function for function in SYSTEM.functions() if function.endswith("/relay_events")]
CONSUMERS = [
    function
    for function, known in SYSTEM.functions().items()
    if SYSTEM.event_source(*known).startswith("arn:aws:sqs:")
]


@pytest.fixture(scope="module")
def world(_one_event_loop: asyncio.AbstractEventLoop) -> Iterator[World]:
    asyncio.set_event_loop(_one_event_loop)
    with built(SYSTEM) as world:
        yield world


@pytest.fixture(autouse=True)
def _fresh_runtime() -> None:
    """The world sees to that."""


def token(world: World) -> str:
    """Log the owner in; return the access token."""
    answer = invoke(world, "identity/log_in", sample_event("identity", "log_in"))
    found: str = json_of(answer)["data"]["access_token"]
    return found


class Broken(Exception):  # it is only ever raised here
    """Nobody expects this."""


@pytest.mark.row("ERR-01", "OPS-05")
@pytest.mark.parametrize("function", REPORTING)
def test_what_nobody_expected_is_reported(
    world: World, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = sample_event(*function.split("/"))
    if function == "identity/authorize":  # the sample's token is refused without a look anywhere
        event["headers"]["authorization"] = f"Bearer {token(world)}"
    with _reporting_alone(world, function, monkeypatch):
        invoke(world, function, event)
    assert _reported(world, function) == {"error.reported"}


@pytest.mark.row("ERR-01", "OPS-05")
@pytest.mark.parametrize("function", TASKS)
def test_what_nobody_expected_of_a_task_is_reported_and_told(
    world: World, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _reporting_alone(world, function, monkeypatch), pytest.raises(Broken):
        invoke(world, function, sample_event(*function.split("/")))
    assert _reported(world, function) == {"error.reported"}


@contextmanager
def _reporting_alone(
    world: World, function: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Let no call to AWS succeed but the one that carries the report."""
    world.enter(function)
    environment.forget_cached()  # what was read before would spare it calls
    send = BaseClient._make_api_call  # type: ignore[attr-defined]

    def failing(client: BaseClient, operation: str, parameters: Any) -> Any:
        if "ErrorReport#" not in str(parameters):
            raise Broken
        return send(client, operation, parameters)

    with monkeypatch.context() as patched:
        patched.setattr(BaseClient, "_make_api_call", failing)
        yield


def _reported(world: World, function: str) -> set[str]:
    reports = world.tables[f"{function.partition('/')[0]}-Table"].events("ErrorReport#")
    world.undo()
    return {report["type"] for report in reports}


@pytest.mark.row("EVT-02", "OPS-05")
@pytest.mark.parametrize("function", RELAYS)
def test_what_the_bus_will_never_take_is_among_the_relay_s_dead_letters(
    world: World, function: str
) -> None:
    world.enter(function)
    environment.forget_cached()
    event = sample_event(*function.split("/"))
    event["Records"] = [each for each in event["Records"] if "EVENT#" in json.dumps(each)]
    (record,) = event["Records"]
    record["dynamodb"]["NewImage"]["data"] = {"M": {"text": {"S": "x" * 300_000}}}
    assert invoke(world, function, event) == {"batchItemFailures": []}
    sqs = boto3.client("sqs")
    context = function.partition("/")[0]
    (url,) = sqs.list_queues(QueueNamePrefix=f"{context}-RelayEventsDeadLetter")["QueueUrls"]
    (letter,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(letter["Body"]) == {"keys": record["dynamodb"]["Keys"]}
    world.undo()


@pytest.mark.row("EVT-04", "EVT-05", "OPS-05")
@pytest.mark.parametrize("deliveries", [1, 20])
@pytest.mark.parametrize("function", CONSUMERS)
def test_a_message_that_fails_comes_back_later_and_is_buried_in_the_end(
    world: World, function: str, deliveries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every call fails but those to queues, and the one that counts failures."""
    world.enter(function)
    environment.forget_cached()
    event = sample_event(*function.split("/"))
    del event["Records"][1:]
    (record,) = event["Records"]
    queue = SYSTEM.event_source(*SYSTEM.functions()[function])
    record["eventSourceARN"] = queue
    record["attributes"]["ApproximateReceiveCount"] = str(deliveries)
    send = BaseClient._make_api_call  # type: ignore[attr-defined]
    asked: list[str] = []

    def failing(client: BaseClient, operation: str, parameters: Any) -> Any:
        counting = "FAILURES#" in str(parameters)
        if client.meta.service_model.service_name != "sqs" and not counting:
            raise Broken
        if not counting:
            asked.append(operation)
        return send(client, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", failing)
    invoke(world, function, event)
    monkeypatch.undo()
    expected = ["SendMessage"] if deliveries > 1 else ["GetQueueUrl", "ChangeMessageVisibility"]
    assert asked == expected
