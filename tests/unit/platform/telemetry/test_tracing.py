"""A trace goes with its story: header → event item → bus entry → consumer."""

import json
from unittest.mock import Mock

import pytest

from shared.platform.entry.consumer import Consumer
from shared.platform.entry.relay import Relay
from shared.platform.http.app import create_app, lambda_handler
from shared.kernel.aggregate import Aggregate
from shared.kernel.events import DomainEvent
from shared.platform.access.security import public
from shared.platform.aws.clients import dynamodb
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.http.reply import Reply
from shared.platform.runtime.context import current, request_context
from shared.platform.telemetry.tracing import (
    TRACE_VARIABLE,
    incoming_trace,
    is_sound,
    tracer,
)
from tools.lab.support.bus_events import bus_event, sqs_batch, stream_batch
from tools.lab.support.http_events import http_event
from tools.lab.support.lambda_context import LambdaContext

pytestmark = pytest.mark.row("MET-05")

STORY = "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1"
LAMBDAS = "Root=1-67891299-bbbbbbbbbbbbbbbbbbbbbbbb;Parent=463ac35c9f6413ad;Sampled=0"


class Thing(Aggregate):
    aggregate_type = "Thing"

    def make(self) -> None:
        self._record(Made())


class Made(DomainEvent):
    type = "thing.made"


class Bus:
    def __init__(self) -> None:
        self.entries: list[dict[str, object]] = []

    def put_events(self, Entries):  # noqa: N803  # AWS's name
        self.entries += Entries
        return {"Entries": [{"EventId": "x"} for _ in Entries]}


@pytest.mark.row("LOG-02")
def test_the_trace_and_correlation_of_a_request_cross_the_bus(table, monkeypatch, capsys):
    app = create_app("things")

    @app.post("/api/v1/things", dependencies=[public])
    async def endpoint() -> Reply[dict[str, object]]:
        with DynamoUnitOfWork(dynamodb(), table.name) as uow:
            thing = Thing("t-1")
            thing.make()
            uow.register(thing)
            uow.commit()
        return Reply({})

    headers = {"x-amzn-trace-id": STORY, "x-correlation-id": "story-12345"}
    event = http_event("POST", "/api/v1/things", headers=headers)
    assert lambda_handler(app)(event, LambdaContext())["statusCode"] == 200
    (item,) = table.events("Thing#")
    assert (item["trace"], item["correlation_id"]) == (STORY, "story-12345")

    bus = Bus()
    Relay(bus, "bus", "tradewind.things", give_up=Mock()).publish(stream_batch([item])["Records"])
    (entry,) = bus.entries
    assert entry["TraceHeader"] == STORY

    adopted = []
    consumer = Consumer("others", "on_thing")
    consumer.on("thing.made")(lambda _: adopted.append(current()))
    monkeypatch.setenv(TRACE_VARIABLE, LAMBDAS)  # a batch is an invocation with its own trace
    capsys.readouterr()
    detail = json.loads(entry["Detail"])
    consumer.lambda_handler()(sqs_batch(bus_event(detail, source="things")), LambdaContext())
    assert (adopted[0].trace, adopted[0].correlation_id) == (STORY, "story-12345")
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    line = next(line for line in logged if line.get("message") == "event handled")
    assert line["trace_id"] == "1-67891233-abcdef012345678912345678"


def test_an_event_without_a_trace_gets_the_invocation_s(monkeypatch):
    monkeypatch.setenv(TRACE_VARIABLE, LAMBDAS)
    adopted = []
    consumer = Consumer("others", "on_thing")
    consumer.on("thing.made")(lambda _: adopted.append(current().trace))
    detail = {
        "id": "e-1",
        "type": "thing.made",
        "schema_version": 1,
        "aggregate": {"type": "Thing", "id": "t-1", "version": 1},
        "occurred_at": "2026-01-01T00:00:00.000Z",
        "data": {},
    }
    consumer.lambda_handler()(sqs_batch(bus_event(detail, source="things")), LambdaContext())
    assert adopted == [LAMBDAS]


def test_lambdas_own_header_comes_first_and_without_any_there_is_a_new_root(monkeypatch):
    assert incoming_trace(STORY) == STORY
    assert is_sound(incoming_trace())
    assert incoming_trace() != incoming_trace()
    monkeypatch.setenv(TRACE_VARIABLE, LAMBDAS)
    assert incoming_trace(STORY) == LAMBDAS


@pytest.mark.parametrize(
    "header",
    [
        STORY + ";Lineage=1:a87bd80c:0|68fd508a:5",
        "Self=1-67891234-12456789abcdef012345678;Root=1-67891233-abcdef012345678912345678",
        "Root=1-67891233-abcdef012345678912345678",
    ],
)
def test_what_aws_sends_is_sound(header):
    assert is_sound(header)


@pytest.mark.parametrize(
    "header",
    [
        "",
        None,
        "Root=1-",
        "Root=1-67891233-abcdef01234567891234567g",
        STORY + "\n",
        STORY + ";x=\u00e9",
        STORY + ";" + "a" * 300 + "=b",
        "x Root=1-67891233-abcdef012345678912345678",
    ],
)
def test_what_a_client_makes_up_is_not(header):
    assert not is_sound(header)
    assert incoming_trace(header) != header


def test_subsegments_and_captured_functions_change_nothing_where_there_is_no_daemon():
    @tracer.capture_method
    def work(number: int) -> int:
        """Double."""
        tracer.put_annotation("number", number)
        return number * 2

    with request_context(), tracer.provider.in_subsegment("## outer") as outer:
        outer.put_annotation(key="key", value="value")
        assert work(21) == 42
    assert (work.__name__, work.__doc__) == ("work", "Double.")
