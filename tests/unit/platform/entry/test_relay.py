import json

import boto3
import pytest

from shared.platform.entry.relay import MAX_BYTES, Relay, _event, _size, lambda_handler
from shared.platform.dynamodb.codec import to_item
from shared.platform.runtime.errors import ExternalServiceError
from tools.lab.support import environment
from tools.lab.support.bus_events import stream_batch
from tools.lab.support.lambda_context import LambdaContext

pytestmark = pytest.mark.row("EVT-02")


def event_item(version: int, *, size: int = 0):
    return {
        "PK": "Order#o-1",
        "SK": f"EVENT#{version:012d}",
        "event_id": f"event-{version}",
        "type": "order.placed",
        "schema_version": 1,
        "aggregate_type": "Order",
        "aggregate_id": "o-1",
        "version": version,
        "occurred_at": "2026-01-01T00:00:00.000Z",
        "actor": "user-1",
        "request_id": "r-1",
        "correlation_id": "c-1",
        "causation_id": None,
        "trace": "Root=1-67891233-abcdef012345678912345678",
        "data": {"order_id": "o-1", "padding": "x" * size},
    }


class Bus:
    """A bus that refuses the entries it is told to, once each."""

    def __init__(self, *refuse: str) -> None:
        self.refuse = list(refuse)
        self.taken: list[str] = []
        self.calls: list[list[dict[str, object]]] = []

    def put_events(self, Entries):  # noqa: N803  # AWS's name
        self.calls.append(Entries)
        outcomes = []
        for entry in Entries:
            event_id = json.loads(entry["Detail"])["id"]
            if event_id in self.refuse:
                self.refuse.remove(event_id)
                outcomes.append({"ErrorCode": "ThrottlingException"})
            else:
                self.taken.append(event_id)
                outcomes.append({"EventId": "x"})
        return {"Entries": outcomes}


def relay(bus: Bus, dead: list[tuple[str, str]] | None = None) -> Relay:
    buried = dead if dead is not None else []

    def give_up(keys, error):
        buried.append((keys["SK"]["S"], str(error)))

    return Relay(bus, "bus", "tradewind.orders", give_up=give_up, sleep=lambda _: None)


def test_event_items_and_nothing_else_are_published():
    items = [event_item(1), {"PK": "Order#o-1", "SK": "STATE"}, event_item(2)]
    bus = Bus()
    assert relay(bus).publish(stream_batch(items)["Records"]) == 2
    assert bus.taken == ["event-1", "event-2"]
    (entry, _) = bus.calls[0]
    assert (entry["Source"], entry["DetailType"]) == ("tradewind.orders", "order.placed")
    assert (entry["EventBusName"], entry["TraceHeader"][:5]) == ("bus", "Root=")


def test_expired_and_changed_items_are_not_news():
    bus = Bus()
    for name in ("REMOVE", "MODIFY"):
        records = stream_batch([event_item(1)], event_name=name)["Records"]
        assert relay(bus).publish(records) == 0
    assert bus.calls == []


@pytest.mark.row("LOG-02")
def test_a_line_for_every_event_says_what_became_of_it(capsys):
    records = stream_batch([event_item(n, size=MAX_BYTES * (n == 2)) for n in (1, 2, 3)])
    relay(Bus()).publish(records["Records"])
    with pytest.raises(ExternalServiceError):
        relay(Bus(*["event-4"] * 6)).publish(stream_batch([event_item(4)])["Records"])
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["level"], line["message"], line["event_id"]) for line in said] == [
        ("INFO", "event published", "event-1"),
        ("INFO", "event published", "event-3"),
        ("ERROR", "event cannot be sent", "event-2"),
        ("ERROR", "event refused by the bus", "event-4"),
    ]
    for line in said:
        assert (line["order_id"], line["event_type"]) == ("o-1", "order.placed")
        assert (line["correlation_id"], line["trace_id"]) == (
            "c-1",
            "1-67891233-abcdef012345678912345678",
        )


def test_only_what_was_refused_is_sent_again():
    bus = Bus("event-2")
    relay(bus).publish(stream_batch([event_item(n) for n in (1, 2, 3)])["Records"])
    assert sorted(bus.taken) == ["event-1", "event-2", "event-3"]
    assert [len(call) for call in bus.calls] == [3, 1]


def test_a_bus_that_keeps_refusing_fails_the_batch():
    bus = Bus(*["event-1"] * 50)
    with pytest.raises(ExternalServiceError):
        relay(bus).publish(stream_batch([event_item(1)])["Records"])


def test_batches_keep_the_limits_of_the_bus():
    bus = Bus()
    items = [event_item(n) for n in range(1, 24)]
    items += [event_item(n, size=MAX_BYTES // 3) for n in range(24, 30)]
    assert relay(bus).publish(stream_batch(items)["Records"]) == 29
    assert bus.taken == [f"event-{n}" for n in range(1, 30)]
    for call in bus.calls:
        assert len(call) <= 10
        assert sum(len(entry["Detail"].encode()) for entry in call) <= MAX_BYTES


@pytest.mark.row("EVT-05")
def test_an_event_too_large_for_the_bus_is_given_up_and_holds_nothing_up(capsys):
    items = [event_item(1), event_item(2, size=MAX_BYTES), event_item(3)]
    bus, dead = Bus(), []
    assert relay(bus, dead).publish(stream_batch(items)["Records"]) == 2
    assert bus.taken == ["event-1", "event-3"]
    ((key, reason),) = dead
    assert key == "EVENT#000000000002"
    assert "event-2 has" in reason
    assert "event-2" in capsys.readouterr().out


@pytest.mark.row("EVT-05")
@pytest.mark.parametrize(
    "broken",
    [{"occurred_at": None}, {"occurred_at": "yesterday"}, {"data": 3}],
)
def test_an_item_that_is_no_event_is_given_up_and_holds_nothing_up(broken):
    items = [event_item(1), event_item(2) | broken, event_item(3)]
    bus, dead = Bus(), []
    assert relay(bus, dead).publish(stream_batch(items)["Records"]) == 2
    assert bus.taken == ["event-1", "event-3"]
    assert [key for key, _ in dead] == ["EVENT#000000000002"]


@pytest.mark.row("EVT-05")
@pytest.mark.parametrize("code", ["MalformedDetail", "InvalidArgument"])
def test_what_the_bus_refuses_for_good_is_given_up(code):
    class Strict(Bus):
        def put_events(self, Entries):  # noqa: N803  # AWS's name
            answer = super().put_events(Entries)
            for outcome in answer["Entries"]:
                if "ErrorCode" in outcome:
                    outcome["ErrorCode"] = code
            return answer

    bus, dead = Strict("event-2"), []
    items = [event_item(n) for n in (1, 2, 3)]
    assert relay(bus, dead).publish(stream_batch(items)["Records"]) == 2
    assert dead == [("EVENT#000000000002", f"the bus says {code}")]


def test_what_cannot_be_given_up_fails_the_batch():
    def broken(*_):
        raise ConnectionError("no queue today")

    one = Relay(Bus(), "bus", "tradewind.orders", give_up=broken)
    with pytest.raises(ConnectionError):
        one.publish(stream_batch([event_item(1, size=MAX_BYTES)])["Records"])


def test_the_relay_buries_by_the_key_with_the_reason(moto, monkeypatch):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    boto3.client("events").create_event_bus(Name="test")
    monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", url)
    environment.forget_cached()
    batch = stream_batch([event_item(1), event_item(2, size=MAX_BYTES)])
    assert lambda_handler()(batch, LambdaContext()) == {"batchItemFailures": []}
    (letter,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert json.loads(letter["Body"]) == {
        "keys": {"PK": {"S": "Order#o-1"}, "SK": {"S": "EVENT#000000000002"}}
    }
    assert "are allowed" in letter["MessageAttributes"]["reason"]["StringValue"]


def test_the_largest_event_that_fits_is_sent():
    bus, dead = Bus(), []
    one = relay(bus, dead)
    spare = MAX_BYTES - _size(one._entry(_event({"NewImage": to_item(event_item(1))})))
    assert one.publish(stream_batch([event_item(1, size=spare)])["Records"]) == 1
    assert one.publish(stream_batch([event_item(1, size=spare + 1)])["Records"]) == 0
    assert len(dead) == 1
