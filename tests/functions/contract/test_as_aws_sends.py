"""With everything that AWS may send along, functions do what they do without it."""

import copy
import json
import os
import subprocess
import sys
from typing import Any

import pytest

from shared.platform.entry.consumer import Consumer
from shared.platform.entry.relay import Relay
from tests.functions.contract.shapes import dressed, examples, shape_of
from tools.check.project import ROOT
from tools.lab.support.bus_events import bus_event, detail, failed_ids, sqs_batch
from tools.lab.support.functions import sample_event
from tools.lab.support.http_events import http_event
from tools.lab.support.lambda_context import LambdaContext

_ANSWERS = """
import json, sys
from tools.lab.golden import __main__ as golden
from tests.functions.contract.shapes import dressed
from tools.lab.golden.answers import answers
found = json.loads(golden.text_of(answers(lambda event: dressed(event, "http_request"))))
recorded = json.loads((golden.RECORD / "answers.json").read_text("utf-8"))
print(len(found), sorted(name for name in recorded if found.get(name) != recorded[name]))
"""


@pytest.mark.row("OPS-04")
def test_every_sample_is_answered_as_without_it() -> None:
    done = subprocess.run(  # a process of its own, as `make golden` is
        [sys.executable, "-c", _ANSWERS],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    count, _, differ = done.stdout.partition(" ")
    assert (done.returncode, differ) == (0, "[]\n"), done.stderr
    assert int(count) > 90


def test_everything_is_there() -> None:
    event = dressed(http_event("GET", "/x", caller={"kind": "anonymous"}), "http_request")
    assert list(shape_of(examples("http_request")).differs(event)) == []
    assert {"cookies", "stageVariables"} < event.keys()
    assert "authentication" in event["requestContext"]
    assert event["headers"]["x-forwarded-proto"] == "https"
    assert event["requestContext"]["authorizer"] == {"lambda": {"kind": "anonymous"}}
    message = dressed(sqs_batch("x"), "sqs_batch")["Records"][0]
    assert {"md5OfMessageAttributes"} < message.keys()
    assert {"AWSTraceHeader", "DeadLetterQueueSourceArn"} < message["attributes"].keys()
    assert (message["body"], message["messageAttributes"]) == ("x", {})


EVENT = detail("thing.happened", {}, aggregate_type="Thing", aggregate_id="1")


@pytest.mark.row("EVT-04")
def test_a_consumer_reads_its_event_and_no_more() -> None:
    consumer, seen = Consumer("test", "look"), []
    consumer.on("thing.happened")(lambda event: seen.append(event.id))
    event = dressed(bus_event(EVENT, source="things"), "bus_event")
    batch = dressed(sqs_batch(event), "sqs_batch")
    assert failed_ids(consumer.lambda_handler()(batch, LambdaContext())) == []
    assert seen == [EVENT["id"]]


class Bus:
    """A bus that takes everything."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def put_events(self, Entries: list[dict[str, Any]]) -> Any:  # noqa: N803  # AWS's name
        self.taken += [json.loads(each["Detail"])["id"] for each in Entries]
        return {"Entries": [{"EventId": "x"} for _ in Entries]}


@pytest.mark.row("EVT-02")
def test_a_relay_publishes_events_alone_whatever_else_the_stream_has() -> None:
    (event,) = sample_event("orders", "relay_events")["Records"][:1]
    batch = [record for each in examples("stream_batch") for record in each["Records"]]
    expired, changed = copy.deepcopy(event), copy.deepcopy(event)
    expired |= {"eventName": "REMOVE", "userIdentity": batch[2]["userIdentity"]}
    expired["dynamodb"]["OldImage"] = expired["dynamodb"].pop("NewImage")
    changed |= {"eventName": "MODIFY"}
    changed["dynamodb"]["OldImage"] = changed["dynamodb"]["NewImage"]
    event["dynamodb"]["ApproximateCreationDateTime"] = 1_773_342_238.5
    bus = Bus()

    def give_up(where: object, why: Exception) -> None:
        raise AssertionError(where) from why

    relay = Relay(bus, "bus", "tradewind.orders", give_up=give_up)
    assert relay.publish([*batch, expired, changed, event]) == 1
    assert bus.taken == [event["dynamodb"]["NewImage"]["event_id"]["S"]]
