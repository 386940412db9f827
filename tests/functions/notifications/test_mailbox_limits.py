"""No mailbox gets more of us than it should, whoever orders it, and in whatever spelling."""

import json

import pytest

from shared.kernel.email import Email
from shared.notifications.adapters.mailbox_limits import MailboxLimits
from shared.notifications.domain.mailbox import mailbox_of
from shared.notifications.domain.notification import Kind
from shared.platform.rate_limits.limiter import RateLimiter
from shared.platform.rate_limits.memory import InMemoryCounters
from tests.functions.notifications.conftest import Service, order_event, registered
from tests.support.aws_calls import counted_calls
from tools.lab.support.http_events import Caller, json_of

pytestmark = pytest.mark.row("RLM-01")
SPELLINGS = ("ada@example.com", "Ada+1@Example.com", "a.d.a+shop@example.com", "ADA+2@example.com")
COMPLETED = order_event("completed", total={"amount": 5990, "currency": "EUR"})


def users(*addresses: str) -> list[tuple[Caller, str]]:
    ids = (f"0190a000-0000-7000-8000-{number:012x}" for number in range(0xB0, 0xC0))
    return [(Caller(user_id=next(ids)), address) for address in addresses]


def announce(service: Service, user: Caller, address: str) -> list[str]:
    event = registered(user)
    event["data"]["email"] = address
    return service.deliver(event)


def test_a_mailbox_is_welcomed_three_times_a_day_in_whatever_spelling(service: Service) -> None:
    known = users(*SPELLINGS, "ada@example.org")
    for user, address in known:
        assert announce(service, user, address) == []
    assert [to for to, _, _ in service.mails] == [
        ["ada@example.com"],
        ["Ada+1@example.com"],
        ["a.d.a+shop@example.com"],
        ["ada@example.org"],
    ]
    (beyond,) = [item for item in service.table.items() if item["PK"].startswith("UNDELIVERED")]
    assert (beyond["user_id"], beyond["kind"]) == (known[3][0].user_id, "welcome")
    # The account is there, and its own list shows what was not mailed.
    (shown,) = json_of(service.read(caller=known[3][0]))["data"]["items"]
    assert shown["subject"] == "Welcome to Tradewind"


def test_what_is_beyond_is_not_sent_later_either(service: Service) -> None:
    for user, address in users(*SPELLINGS):
        announce(service, user, address)
        announce(service, user, address)
    assert len(service.mails) == 3


def test_letters_about_orders_have_a_limit_of_their_own(service: Service) -> None:
    for user, address in users("ada@example.com", *SPELLINGS[1:]):
        announce(service, user, address)
    before = len(service.mails)
    event = registered()
    event["data"]["email"] = "ada@example.com"
    service.deliver(event, COMPLETED)
    assert [subject for _, subject, _ in service.mails[before:]] == ["Thank you for your order"]


def test_one_count_for_a_mail_and_no_address_in_the_table(service: Service) -> None:
    ((user, address),) = users("ada@example.com")
    with counted_calls() as calls:
        announce(service, user, address)
    assert calls.dynamodb == {"BatchGetItem": 1, "TransactWriteItems": 2, "UpdateItem": 1}
    counters = service.table.items("RATE#")
    assert len(counters) == 1
    assert "ada" not in json.dumps(counters, default=str)
    assert counters[0]["expires_at"] > 0


def test_a_hundred_letters_a_day_are_exact() -> None:
    now = 1_000_000.0
    limiter = RateLimiter(InMemoryCounters(lambda: now), clock=lambda: now, monotonic=lambda: now)
    limits = MailboxLimits(limiter, lambda: "k" * 64)
    email = Email("ada@example.com")
    taken = [limits.has_room(Kind.ORDER_FAILED, email) for _ in range(120)]
    assert taken == [True] * 100 + [False] * 20
    assert limits.has_room(Kind.ORDER_FAILED, Email("bob@example.com"))
    now += 86_400
    assert limits.has_room(Kind.ORDER_FAILED, email)


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Ada.Lovelace+x+y@Example.com", "adalovelace@example.com"),
        ("+x@example.com", "+x@example.com"),
        ("ada@mail.example.com", "ada@mail.example.com"),
    ],
)
def test_spellings_of_a_mailbox(address: str, mailbox: str) -> None:
    assert mailbox_of(Email(address)) == mailbox
