from datetime import UTC, datetime
from typing import Any

import pytest

from shared.kernel.errors import ValidationFailed
from shared.kernel.events import EventContext, EventEnvelope
from shared.platform.events.bus import MalformedEvent
from shared.platform.events.fields import amount, listed, reads_event, text, whole


def test_what_is_there_is_returned() -> None:
    fields = {"id": "a", "count": 0, "total": {"amount": -1, "currency": "EUR"}, "lines": [{}]}
    assert text(fields, "id") == "a"
    assert whole(fields, "count") == 0
    assert amount(fields, "total") == (-1, "EUR")
    assert listed(fields, "lines") == [{}]


@pytest.mark.parametrize("value", [None, "", 1, ["a"]])
def test_no_text(value: object) -> None:
    with pytest.raises(MalformedEvent, match=r"^id is not a text$"):
        text({"id": value}, "id")


@pytest.mark.parametrize("value", [None, "1", 1.0, True])
def test_no_whole_number(value: object) -> None:
    with pytest.raises(MalformedEvent, match=r"^count is not a whole number$"):
        whole({"count": value}, "count")


@pytest.mark.parametrize(
    "value",
    [None, 5, {}, {"amount": "5", "currency": "EUR"}, {"amount": True, "currency": "EUR"}],
)
def test_no_amount(value: object) -> None:
    with pytest.raises(MalformedEvent, match=r"^total is not an amount of money$"):
        amount({"total": value}, "total")


def test_an_amount_of_no_currency() -> None:
    with pytest.raises(MalformedEvent, match=r"^currency is not a text$"):
        amount({"total": {"amount": 5}}, "total")


@pytest.mark.parametrize("value", [None, {}, "lines", [{}, 1]])
def test_no_list_of_objects(value: object) -> None:
    with pytest.raises(MalformedEvent, match=r"^lines is not a list of objects$"):
        listed({"lines": value}, "lines")


def event(**data: Any) -> EventEnvelope:
    return EventEnvelope(
        id="e-1",
        type="order.placed",
        schema_version=1,
        aggregate_type="Order",
        aggregate_id="o-1",
        version=1,
        occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
        context=EventContext(),
        data=data,
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError("lines"), "KeyError"),
        (TypeError("not so"), "TypeError"),
        (ValueError("not so"), "ValueError"),
        (AttributeError("not so"), "AttributeError"),
        (MalformedEvent("id is not a text"), "id is not a text"),
        (ValidationFailed("ada@example.com is no address", []), "ValidationFailed"),
    ],
)
def test_an_event_of_no_use_is_malformed(error: Exception, said: str) -> None:
    @reads_event
    def on_order_placed(_: EventEnvelope) -> str:
        raise error

    with pytest.raises(MalformedEvent) as raised:
        on_order_placed(event())
    assert str(raised.value) == f"order.placed: {said}"


def test_another_failure_is_not_the_events() -> None:
    @reads_event
    def on_order_placed(_: EventEnvelope) -> str:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        on_order_placed(event())


def test_a_good_event_gives_its_command() -> None:
    @reads_event
    def on_order_placed(event: EventEnvelope) -> str:
        return text(event.data, "order_id")

    assert on_order_placed(event(order_id="o-1")) == "o-1"
