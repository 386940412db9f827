"""Samples, and what builds events for tests, keep to what AWS sends."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.functions.contract.shapes import AWS, examples, shape_of
from tools.check.project import ROOT
from tools.lab.support.bus_events import bus_event, detail, sqs_batch, stream_batch
from tools.lab.support.http_events import ADMIN, http_event

pytestmark = pytest.mark.row("OPS-04")

SHAPES = {path.stem: shape_of(examples(path.stem)) for path in AWS.glob("*.json")}
SAMPLES = sorted(
    path for path in (ROOT / "events").rglob("*.json") if path.parts[-2] != "schemas"
    and path.parts[-3] != "schemas"
)  # fmt: skip
OURS = frozenset({"publish_flags", "redrive_dead_letters", "replay_events", "run_migrations"})
"""What people and the templates invoke a function with; AWS has no say in it."""


def kind_of(event: dict[str, Any]) -> str:
    """Return which of AWS's events it is meant to be."""
    if "Records" in event:
        source = event["Records"][0]["eventSource"]
        return {"aws:sqs": "sqs_batch", "aws:dynamodb": "stream_batch"}[source]
    if "rawPath" in event:
        return "authorizer_request" if event.get("type") == "REQUEST" else "http_request"
    return "scheduled_event"


def strays(event: dict[str, Any]) -> list[str]:
    """Return in what an event, and what it carries, differ from what AWS sends."""
    kind = kind_of(event)
    found = [f"{kind}{each}" for each in SHAPES[kind].differs(event)]
    if kind == "sqs_batch":
        bodies = [json.loads(record["body"]) for record in event["Records"]]
        found += [f"body{each}" for body in bodies for each in SHAPES["bus_event"].differs(body)]
    if kind == "http_request":
        by_name = event | event["requestContext"].get("authorizer", {})
        for name in ("headers", "queryStringParameters", "pathParameters", "lambda"):
            texts = by_name.get(name, {}).values()
            found += [f"{kind}.{name}: AWS sends texts" for each in texts if type(each) is not str]
    return found


@pytest.mark.parametrize("path", [each for each in SAMPLES if each.stem not in OURS],
                         ids=lambda path: f"{path.parent.name}/{path.stem}")  # fmt: skip
def test_a_sample_has_what_aws_sends_and_nothing_else(path: Path) -> None:
    assert strays(json.loads(path.read_text("utf-8"))) == []


def test_all_kinds_of_events_are_among_the_samples() -> None:
    read = [json.loads(each.read_text("utf-8")) for each in SAMPLES if each.stem not in OURS]
    assert {kind_of(each) for each in read} == set(SHAPES) - {"bus_event"}
    assert {each.stem for each in SAMPLES} > OURS


EVENT = detail("thing.happened", {}, aggregate_type="Thing", aggregate_id="1")
BUILT = {
    "a read": http_event("GET", "/x", query={"a": "1"}, caller=ADMIN, path_parameters={"x": "y"}),
    "a change": http_event("POST", "/x", body={"a": 1}),
    "a batch of a queue": sqs_batch(bus_event(EVENT, source="things")),
    "a batch of a stream": stream_batch([{"PK": "Thing#1", "SK": "STATE"}]),
}


@pytest.mark.parametrize("name", BUILT)
def test_what_tests_send_has_what_aws_sends_and_nothing_else(name: str) -> None:
    assert strays(BUILT[name]) == []


COUNT = "attributes.ApproximateReceiveCount"


def no_receipt(event: dict[str, Any]) -> None:
    del event["Records"][0]["receiptHandle"]


def counted_in_numbers(event: dict[str, Any]) -> None:
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = 1


def named_as_by_the_sdk(event: dict[str, Any]) -> None:
    event["Records"][0]["MessageId"] = event["Records"][0].pop("messageId")


def no_source_of_the_event(event: dict[str, Any]) -> None:
    body = json.loads(event["Records"][0]["body"])
    event["Records"][0]["body"] = json.dumps(body | {"source": None})


class TestTheGateCanFail:
    """Each difference, planted in a batch as tests build it."""

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (no_receipt, ["sqs_batch.Records[].receiptHandle: AWS always sends it"]),
            (
                counted_in_numbers,
                [f"sqs_batch.Records[].{COUNT}: AWS sends text, not number"],
            ),
            (
                named_as_by_the_sdk,
                [
                    "sqs_batch.Records[].messageId: AWS always sends it",
                    "sqs_batch.Records[].MessageId: AWS sends no such field",
                ],
            ),
            (no_source_of_the_event, ["body.source: AWS sends text, not null"]),
        ],
    )
    def test_a_difference(self, change: Callable[[dict[str, Any]], None], says: list[str]) -> None:
        event = copy.deepcopy(BUILT["a batch of a queue"])
        change(event)
        assert strays(event) == says

    def test_a_header_that_is_no_text(self) -> None:
        event = http_event("GET", "/x")
        event["headers"]["content-length"] = 5
        assert strays(event) == ["http_request.headers: AWS sends texts"]
