import json

import pytest

from shared.platform.entry.relay import MAX_BYTES, Relay, UnfitEvent, _event, _size
from shared.platform.dynamodb.codec import to_item
from shared.platform.runtime.errors import ExternalServiceError
from tools.lab.support.bus_events import stream_batch

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


def relay(bus: Bus) -> Relay:
    return Relay(bus, "bus", "tradewind.orders", sleep=lambda _: None)


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
    with pytest.raises(UnfitEvent):
        relay(Bus()).publish(records["Records"])
    with pytest.raises(ExternalServiceError):
        relay(Bus(*["event-4"] * 6)).publish(stream_batch([event_item(4)])["Records"])
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["level"], line["message"], line["event_id"]) for line in said] == [
        ("ERROR", "event cannot be sent", "event-2"),
        ("INFO", "event published", "event-1"),
        ("INFO", "event published", "event-3"),
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
def test_an_event_too_large_for_the_bus_is_left_over_alone(capsys):
    items = [event_item(1), event_item(2, size=MAX_BYTES), event_item(3)]
    bus = Bus()
    with pytest.raises(UnfitEvent, match="event-2"):
        relay(bus).publish(stream_batch(items)["Records"])
    assert bus.taken == ["event-1", "event-3"]
    assert "event-2" in capsys.readouterr().out


@pytest.mark.row("EVT-05")
def test_an_item_that_is_no_event_is_left_over_alone():
    broken = event_item(2)
    del broken["occurred_at"]
    bus = Bus()
    with pytest.raises(UnfitEvent, match="EVENT#000000000002"):
        relay(bus).publish(stream_batch([event_item(1), broken, event_item(3)])["Records"])
    assert bus.taken == ["event-1", "event-3"]


@pytest.mark.row("EVT-05")
def test_bisecting_ends_with_everything_published_but_the_poison():
    records = stream_batch([event_item(n, size=MAX_BYTES * (n == 5)) for n in range(1, 9)])[
        "Records"
    ]
    bus, dead = Bus(), []

    def deliver(batch):
        try:
            relay(bus).publish(batch)
        except UnfitEvent:
            if len(batch) == 1:
                dead.append(batch[0]["dynamodb"]["Keys"]["SK"]["S"])
                return
            deliver(batch[: len(batch) // 2])
            deliver(batch[len(batch) // 2 :])

    deliver(records)
    assert dead == ["EVENT#000000000005"]
    assert set(bus.taken) == {f"event-{n}" for n in (1, 2, 3, 4, 6, 7, 8)}


def test_the_largest_event_that_fits_is_sent():
    bus = Bus()
    spare = MAX_BYTES - _size(
        Relay(bus, "bus", "tradewind.orders")._entry(_event({"NewImage": to_item(event_item(1))}))
    )
    records = stream_batch([event_item(1, size=spare)])["Records"]
    assert relay(bus).publish(records) == 1
    with pytest.raises(UnfitEvent):
        relay(bus).publish(stream_batch([event_item(1, size=spare + 1)])["Records"])
