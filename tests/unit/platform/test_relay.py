import json

import pytest

from shared.platform.errors import ExternalServiceError
from shared.platform.relay import MAX_BYTES, Relay
from tests.support.bus_events import stream_batch

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
