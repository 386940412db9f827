import json

import boto3
import pytest

from shared.platform.entry.consumer import Consumer
from shared.kernel.errors import StaleAggregate
from shared.kernel.events import EventEnvelope
from shared.platform.aws.clients import client
from shared.platform.dynamodb.markers import EventAlreadyHandled
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.entry.redelivery import HOPELESS_SECONDS
from shared.platform.runtime.context import current
from tools.lab.support.bus_events import bus_event, detail, failed_ids, sqs_batch
from tools.lab.support.lambda_context import LambdaContext

pytestmark = [pytest.mark.row("EVT-04"), pytest.mark.row("EVT-05")]


@pytest.fixture(autouse=True)
def _queue(moto):
    """Postponing a message talks to SQS."""


def placed(order: str, **known):
    data = {"order_id": order}
    return bus_event(
        detail("order.placed", data, aggregate_type="Order", aggregate_id=order, **known),
        source="orders",
    )


@pytest.fixture
def seen() -> list[EventEnvelope]:
    return []


@pytest.fixture
def handler(seen):
    consumer = Consumer("test", "consumer")

    @consumer.on("order.placed")
    def handle(event: EventEnvelope) -> None:
        seen.append(event)
        match event.data["order_id"]:
            case "poison":
                raise RuntimeError("cannot handle this")
            case "duplicate":
                raise EventAlreadyHandled
            case "stale" if len(seen) < 3:
                raise StaleAggregate("moved")

    return consumer.lambda_handler()


@pytest.mark.row("EVT-03")
def test_an_event_reaches_its_handler_with_its_story(handler, seen, capsys):
    capsys.readouterr()
    answer = handler(sqs_batch(placed("o-1", correlation_id="story-1")), LambdaContext())
    assert failed_ids(answer) == []
    assert seen[0].data == {"order_id": "o-1"}
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    handled = next(line for line in logged if line.get("message") == "event handled")
    assert handled["correlation_id"] == "story-1"
    assert handled["order_id"] == "o-1"
    assert (handled["event_id"], handled["event_type"]) == (seen[0].id, "order.placed")


@pytest.mark.row("LOG-02")
def test_every_line_about_an_event_names_it_also_when_it_fails(handler, capsys):
    capsys.readouterr()
    batch = sqs_batch(placed("poison", correlation_id="story-1"), placed("o-2"))
    handler(batch, LambdaContext())
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    said = [line for line in logged if "message" in line]
    failed = [line for line in said if line["level"] == "ERROR"]
    assert failed
    assert all(line["order_id"] == "poison" for line in failed)
    assert all(line["correlation_id"] == "story-1" for line in failed)
    (handled,) = (line for line in said if line["message"] == "event handled")
    assert handled["order_id"] == "o-2"  # nothing of its neighbour


def test_the_handler_runs_in_the_context_of_its_event():
    consumer = Consumer("test", "context")
    found = []
    consumer.on("order.placed")(lambda event: found.append((event.id, current())))
    consumer.lambda_handler()(sqs_batch(placed("o-1"), placed("o-2")), LambdaContext())
    for event_id, context in found:
        assert (context.causation_id, context.inbox.event_id) == (event_id, event_id)
        assert (context.actor, context.inbox.consumer) == ("test.context", "test.context")


def test_one_bad_message_fails_alone(handler, seen):
    batch = sqs_batch(placed("o-1"), placed("poison"), "not json", '{"detail":7}', placed("o-2"))
    answer = handler(batch, LambdaContext())
    assert failed_ids(answer) == ["message-2", "message-3", "message-4"]
    assert [event.data["order_id"] for event in seen] == ["o-1", "poison", "o-2"]


def test_an_event_of_a_kind_nobody_asked_for_is_not_acknowledged(handler):
    other = bus_event(detail("x.y", {}, aggregate_type="X", aggregate_id="1"), source="orders")
    assert failed_ids(handler(sqs_batch(other), LambdaContext())) == ["message-1"]


def test_an_event_handled_before_is_acknowledged(handler):
    assert failed_ids(handler(sqs_batch(placed("duplicate")), LambdaContext())) == []


def test_a_concurrent_update_is_tried_again_at_once(handler, seen):
    assert failed_ids(handler(sqs_batch(placed("stale")), LambdaContext())) == []
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("commits", "said"), [(0, "left no mark"), (1, None), (2, "second commit")]
)
def test_an_event_is_committed_once_and_a_handler_that_does_not_is_reported(
    table, capsys, commits, said
):
    consumer = Consumer("test", "commits")

    @consumer.on("order.placed")
    def handle(_: EventEnvelope) -> None:
        for _ in range(commits):
            with DynamoUnitOfWork(table.client, table.name) as uow:
                uow.commit()

    answer = consumer.lambda_handler()(sqs_batch(placed("o-1")), LambdaContext())
    assert failed_ids(answer) == []
    assert len(table.items("INBOX#test.commits#")) == min(commits, 1)
    written = capsys.readouterr().out
    found = [text for text in ("left no mark", "second commit") if text in written]
    assert found == ([said] if said else [])


def test_running_out_of_time_returns_the_rest_of_the_batch():
    consumer = Consumer("test", "slow")
    seen = []

    @consumer.on("order.placed")
    def handle(event: EventEnvelope) -> None:
        seen.append(event)
        while event.data["order_id"] == "slow":
            pass

    batch = sqs_batch(placed("o-1"), placed("slow"), placed("o-2"))
    answer = consumer.lambda_handler()(batch, LambdaContext(remaining_ms=600))
    assert failed_ids(answer) == ["message-2", "message-3"]
    assert len(seen) == 2


def test_what_no_retry_can_help_comes_back_soon_and_the_rest_later_and_later(moto):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="queue")["QueueUrl"]
    account = boto3.client("sts").get_caller_identity()["Account"]
    consumer = Consumer("test", "patience")

    @consumer.on("order.placed")
    def handle(_: EventEnvelope) -> None:
        raise RuntimeError("not now")

    hidden = []
    client("sqs").meta.events.register(
        "provide-client-params.sqs.ChangeMessageVisibility",
        lambda params, **_: hidden.append(params["VisibilityTimeout"]),
    )
    for body in ("not json", json.dumps(placed("o-1"))):
        sqs.send_message(QueueUrl=url, MessageBody=body)
        (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
        batch = sqs_batch(body, receive_count=6)
        batch["Records"][0] |= {
            "receiptHandle": message["ReceiptHandle"],
            "eventSourceARN": f"arn:aws:sqs:eu-west-1:{account}:queue",
        }
        assert failed_ids(consumer.lambda_handler()(batch, LambdaContext())) == ["message-1"]
    soon, later = hidden
    assert soon == HOPELESS_SECONDS
    assert 48 <= later <= 80


@pytest.mark.row("EVT-06")
@pytest.mark.parametrize(
    ("rebuildable", "expected"), [(True, 3), (False, 1)], ids=["a read model", "an effect"]
)
def test_only_a_read_model_takes_a_replayed_event_again_once_in_each_rebuild(
    table, rebuildable, expected
):
    consumer = Consumer("test", "rebuild", rebuildable=rebuildable)
    seen = []

    @consumer.on("order.placed")
    def handle(event: EventEnvelope) -> None:
        with DynamoUnitOfWork(table.client, table.name) as uow:
            uow.commit()
        seen.append(event.id)

    handler, event = consumer.lambda_handler(), placed("o-1")
    for rebuild in (None, "run-1", "run-1", "run-2", None):
        batch = sqs_batch(event)
        if rebuild:
            attribute = {"stringValue": rebuild, "dataType": "String"}
            batch["Records"][0]["messageAttributes"] = {"rebuild": attribute}
        assert failed_ids(handler(batch, LambdaContext())) == []
    assert len(seen) == expected
