"""A task that a deployment waits for."""

import json
from typing import Any

import pytest

from shared.platform.entry.custom_resource import custom_resource
from tests.unit.tools.local.test_origin_hashes import cloudformation

ASKED = {"StackId": "s", "RequestId": "r", "LogicalResourceId": "Keys", "RequestType": "Create"}


def told(task: Any, **changed: str) -> dict[str, Any]:
    """Return what CloudFormation hears of *task*."""
    with cloudformation() as (url, heard):
        custom_resource(task, "keys")({**ASKED, "ResponseURL": url, **changed}, None)
    (answer,) = heard
    return answer


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_a_deployment_has_the_task_done_and_hears_of_it(kind: str) -> None:
    asked: list[Any] = []

    def task(event: dict[str, Any], _: Any) -> dict[str, Any]:
        asked.append(event)
        return {"done": True}

    named = {"StackId": "s", "RequestId": "r", "LogicalResourceId": "Keys"}
    expected = {**named, "PhysicalResourceId": "keys", "Status": "SUCCESS"}
    assert told(task, RequestType=kind) == expected
    assert asked == [{}]


def test_removing_the_resource_does_nothing() -> None:
    def task(*_: Any) -> dict[str, Any]:
        raise AssertionError

    assert told(task, RequestType="Delete")["Status"] == "SUCCESS"


def test_a_task_that_fails_fails_the_deployment_at_once() -> None:
    def task(*_: Any) -> dict[str, Any]:
        raise LookupError("no such secret")

    answer = told(task)
    assert (answer["Status"], answer["Reason"]) == ("FAILED", "LookupError: no such secret")


def test_a_task_that_refuses_fails_it_too() -> None:
    answer = told(lambda *_: {"error": {"code": "X", "message": "It may not."}})
    assert (answer["Status"], answer["Reason"]) == ("FAILED", "It may not.")


def test_any_other_event_goes_to_the_task_alone() -> None:
    def send(*_: Any) -> None:
        raise AssertionError

    handle = custom_resource(lambda event, _: {"got": event}, "keys", send=send)
    assert json.dumps(handle({"start": True}, None)) == '{"got": {"start": true}}'
