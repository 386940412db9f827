"""What a consumer gives up ends among the dead letters, with its reason."""

import json

import boto3
import pytest

from shared.platform.entry.consumer import Consumer
from shared.kernel.errors import NotYet
from shared.kernel.events import EventEnvelope
from shared.platform.aws.clients import client
from tools.lab.support import environment
from tools.lab.support.bus_events import bus_event, detail, failed_ids, sqs_batch
from tools.lab.support.lambda_context import LambdaContext

pytestmark = [pytest.mark.row("EVT-04"), pytest.mark.row("EVT-05")]

CARD = "4242 4242 4242 4242"


@pytest.fixture
def letters(moto, monkeypatch):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", url)
    environment.forget_cached()

    def read():
        answer = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return [
            (m["Body"], {k: v["StringValue"] for k, v in m["MessageAttributes"].items()})
            for m in answer.get("Messages", [])
        ]

    return read


@pytest.fixture
def stored(letters, make_table, monkeypatch):
    table = make_table()
    monkeypatch.setenv("TABLE_NAME", table.name)
    environment.forget_cached()
    return table


@pytest.fixture
def handler():
    consumer = Consumer("test", "consumer")

    @consumer.on("order.placed")
    def handle(_: EventEnvelope) -> None:
        raise RuntimeError(f"the till\nis closed for {CARD}")

    return consumer.lambda_handler()


def placed():
    event = detail("order.placed", {}, aggregate_type="Order", aggregate_id="o-1")
    return bus_event(event, source="orders")


def test_nonsense_is_given_up_at_once(letters, handler, capsys):
    assert failed_ids(handler(sqs_batch("this is not JSON"), LambdaContext())) == []
    ((body, attributes),) = letters()
    assert body == "this is not JSON"
    assert attributes["reason"] == "MalformedEvent: not a bus message: JSONDecodeError"
    assert attributes["consumer"] == "test.consumer"
    assert attributes["given_up_at"].endswith("Z")
    said = capsys.readouterr().out
    assert '"EventGivenUp":[1]' in said
    assert '"message":"message given up"' in said


def fail(handler, *, deliveries=1):
    return failed_ids(handler(sqs_batch(placed(), receive_count=deliveries), LambdaContext()))


def test_a_message_is_given_up_at_its_eighth_failure_and_not_before(letters, handler, stored):
    for _ in range(7):
        assert fail(handler) == ["message-1"]
    assert letters() == []
    assert fail(handler) == []
    ((body, attributes),) = letters()
    assert json.loads(body)["detail"]["type"] == "order.placed"
    assert attributes["reason"].startswith("RuntimeError: the till is closed for ")
    assert CARD not in attributes["reason"]
    (counted,) = stored.items("FAILURES#")
    assert (counted["PK"], counted["failures"]) == ("FAILURES#test.consumer#message-1", 8)
    assert counted["expires_at"] > 0


def test_deliveries_that_lambda_throttled_are_no_failures(letters, handler, stored):
    """SQS has counted eleven, of which this function has seen the last."""
    assert fail(handler, deliveries=11) == ["message-1"]
    assert letters() == []


def test_before_sqs_moves_it_without_a_word_the_reason_is_told(letters, handler, stored):
    assert fail(handler, deliveries=20) == []
    assert len(letters()) == 1


def test_where_the_table_is_what_fails_nothing_is_given_up_for_it(letters, handler):
    """There is no table: failures cannot be counted."""
    for _ in range(12):
        assert fail(handler, deliveries=12) == ["message-1"]
    assert letters() == []


def test_what_comes_too_early_is_no_failure(letters, stored):
    consumer = Consumer("test", "waiting")

    @consumer.on("order.placed")
    def handle(_: EventEnvelope) -> None:
        raise NotYet(600)

    waiting = consumer.lambda_handler()
    for _ in range(12):
        assert fail(waiting, deliveries=12) == ["message-1"]
    assert letters() == []
    assert stored.items("FAILURES#") == stored.items("ErrorReport#") == []
    assert fail(waiting, deliveries=20) == []
    assert len(letters()) == 1


def test_what_was_put_back_says_so_and_keeps_count(letters, handler):
    batch = sqs_batch(placed(), receive_count=20)
    batch["Records"][0]["messageAttributes"] = {
        "reason": {"stringValue": "RuntimeError: before", "dataType": "String"},
        "redrives": {"stringValue": "2", "dataType": "String"},
    }
    handler(batch, LambdaContext())
    ((_, attributes),) = letters()
    assert attributes["redrives"] == "2"
    assert attributes["reason"].startswith("RuntimeError: the till")


def test_failing_to_give_up_leaves_the_message_where_it_is(letters, handler):
    client("sqs").meta.events.register("before-call.sqs.SendMessage", _refuse)
    assert failed_ids(handler(sqs_batch("not JSON"), LambdaContext())) == ["message-1"]
    assert letters() == []


def _refuse(**_):
    raise ConnectionError("no queue today")
