import json
from typing import Any

import boto3
import pytest

from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from tests.functions.notifications.conftest import SENDER, Service, order_event, registered
from tests.support.aws_calls import counted_calls
from tests.support.schemas import check
from tools.lab.support.http_events import json_of

TOTAL = {"amount": 123_456, "currency": "GBP"}
COMPLETED = order_event("completed", total=TOTAL)
REJECTED = order_event(
    "failed",
    status="rejected",
    reason="out_of_stock",
    message="Not enough in stock.",
    shortages=[{"product_id": "product-1", "requested": 3, "available": 1, "short": 2}],
)
CANCELLED = order_event("cancelled", reason="Ordered twice.", previous_status="paid")


def test_each_event_becomes_a_message_to_the_customer(service: Service) -> None:
    assert service.deliver(registered(), COMPLETED, REJECTED, CANCELLED) == []
    recipients, subjects, bodies = zip(*service.mails, strict=True)
    assert set(map(tuple, recipients)) == {("user-1@example.com",)}
    assert subjects == (
        "Welcome to Tradewind",
        "Thank you for your order",
        "We do not have everything you ordered",
        "Your order has been cancelled",
    )
    assert "1234.56 GBP" in bodies[1]
    assert "- product-1: you asked for 3, we have 1" in bodies[2]
    assert "What you paid goes back in full" in bodies[3]


@pytest.mark.row("EVT-04")
def test_an_event_delivered_three_times_is_notified_once(service: Service) -> None:
    service.deliver(registered())
    assert service.deliver(COMPLETED, COMPLETED) == []
    assert service.deliver(COMPLETED) == []
    assert len(service.mails) == 2


@pytest.mark.row("EVT-04")
def test_an_order_that_overtakes_the_registration_waits_on_the_queue(service: Service) -> None:
    assert service.deliver(COMPLETED, registered()) == ["message-1"]
    assert service.deliver(COMPLETED) == []
    assert [subject for _, subject, _ in service.mails] == [
        "Welcome to Tradewind",
        "Thank you for your order",
    ]


def test_what_somebody_wrote_is_in_no_letter(service: Service) -> None:
    """Whoever registers with a stranger's address must not write to the stranger."""
    user = registered()
    named = user | {"data": user["data"] | {"name": "You have won a prize"}}
    off = order_event("cancelled", reason="Fetch it at evil dot example.", previous_status="paid")
    assert service.deliver(named, off) == []
    assert len(service.mails) == 2
    for mail in service.mails:
        assert "prize" not in str(mail)
        assert "evil" not in str(mail)


@pytest.mark.row("EVT-04")
def test_a_letter_about_what_was_is_not_written_any_more(service: Service) -> None:
    order = {"type": "Order", "id": COMPLETED["data"]["order_id"]}
    done = COMPLETED | {"aggregate": {**order, "version": 4}}
    off = CANCELLED | {"aggregate": {**order, "version": 5}}
    assert service.deliver(registered(), off, done) == []
    assert service.deliver(done) == []
    subjects = [subject for _, subject, _ in service.mails]
    assert subjects == ["Welcome to Tradewind", "Your order has been cancelled"]
    assert len(service.table.items("INBOX#")) == 3


@pytest.mark.row("EVT-05")
@pytest.mark.parametrize(
    "poison",
    [
        "{}",
        registered() | {"data": {"user_id": "user-1", "name": "Ada", "email": "not-an-address"}},
        order_event("completed"),
        order_event("completed", total={"amount": "1", "currency": "EUR"}),
        order_event("failed", message="No.", shortages=[{"product_id": "p"}]),
        order_event("cancelled", order_id=None),
        order_event("shipped"),
    ],
)
def test_poison_stays_on_the_queue_and_its_neighbours_go_through(
    service: Service, poison: dict[str, Any] | str
) -> None:
    assert service.deliver(registered(), poison, COMPLETED) == ["message-2"]
    assert len(service.mails) == 2


class Refusing:
    """SES while it is turned off: every request is refused as that of a sender it doubts."""

    def __init__(self, service: Service) -> None:
        self._ses = boto3.client("ses")
        self._service = service

    def __enter__(self) -> None:
        self._ses.delete_identity(Identity=SENDER)

    def __exit__(self, *_: object) -> None:
        self._ses.verify_email_identity(EmailAddress=SENDER)


def test_a_mail_that_is_refused_stays_on_the_queue_until_it_is_taken(service: Service) -> None:
    service.deliver(registered())
    with Refusing(service):
        for _ in range(3):
            assert service.deliver(COMPLETED) == ["message-1"]
    assert len(service.mails) == 1
    status, channels = notified(service)
    assert channels == [("email", "due"), ("log", "sent")]
    assert service.deliver(COMPLETED) == []
    assert service.deliver(COMPLETED) == []
    assert len(service.mails) == 2
    status, channels = notified(service)
    assert status == 200
    assert channels == [("email", "sent"), ("log", "sent")]
    published = [detail_of(envelope_of(item)) for item in service.table.events("Notification#")]
    assert [check(event) for event in published].count("notification.refused") == 3


def test_a_mail_of_which_nobody_knows_is_waited_for(service: Service) -> None:
    """The function dies between its intent and what came of it."""
    service.deliver(registered(), COMPLETED)
    stored = service.table.get(f"Notification#{COMPLETED['id']}", "STATE")
    assert stored is not None
    sending = [
        {"channel": "email", "status": "sending", "attempt": 1, "until": "2126-01-01T00:00:00Z"}
    ]
    service.table.put(stored | {"channels": sending})
    for marker in service.table.items("INBOX#"):
        service.table.put(marker | {"expires_at": 1})
    assert service.deliver(COMPLETED) == ["message-1"]
    assert len(service.mails) == 2
    service.table.put(stored | {"channels": [sending[0] | {"until": "2026-01-01T00:00:00Z"}]})
    assert service.deliver(COMPLETED) == []
    first, again = service.subjects[1:]
    assert first == again


def notified(service: Service) -> tuple[int, list[tuple[str, str]]]:
    answer = service.read()
    newest = json_of(answer)["data"]["items"][0]
    return answer["statusCode"], [(c["channel"], c["status"]) for c in newest["channels"]]


def test_the_log_names_nobody(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    service.deliver(registered(), COMPLETED)
    written = capsys.readouterr().out
    assert '"message":"notification"' in written
    for private in ("Ada", "Lovelace", "user-1@example.com", "1234.56"):
        assert private not in written


@pytest.mark.row("EVT-01")
def test_what_is_published_keeps_to_its_schema(service: Service) -> None:
    service.deliver(registered(), COMPLETED)
    published = [detail_of(envelope_of(item)) for item in service.table.events()]
    assert {event["type"] for event in published} == {
        "contact.recorded",
        "notification.attempted",
        "notification.sent",
    }
    for event in published:
        check(event)


@pytest.mark.row("EVT-04")
def test_round_trips(service: Service) -> None:
    service.deliver(registered())
    with counted_calls() as calls:
        service.deliver(COMPLETED)
    assert calls.dynamodb == {"BatchGetItem": 1, "TransactWriteItems": 2, "UpdateItem": 1}
    assert calls.of("ses") == {"SendEmail": 1}


@pytest.mark.row("MET-03")
def test_how_long_a_mail_takes_is_measured_by_its_kind(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    service.deliver(registered())
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    ((kind, durations),) = (
        (line["kind"], line["EmailDuration"]) for line in lines if "EmailDuration" in line
    )
    assert (kind, len(durations)) == ("welcome", 1)
