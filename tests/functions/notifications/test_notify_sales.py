"""notify_sales: large orders, once each."""

import json
from typing import Any

import pytest

from shared.kernel.money import Money
from shared.notifications.adapters.email_channel import SalesSettings
from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from shared.platform.runtime.errors import ConfigurationError
from shared.platform.runtime.settings import load
from tests.functions.notifications.conftest import (
    SALES,
    SENDER,
    Service,
    order_event,
    registered,
    sample,
)
from tests.support.aws_calls import counted_calls
from tests.support.schemas import check
from tools.check.project import ROOT
from tools.lab.support.bus_events import bus_event, failed_ids, sqs_batch
from tools.local.templates import load_template

pytestmark = pytest.mark.row("EVT-03")


def tell(service: Service) -> list[str]:
    return failed_ids(service.invoke("notify_sales", sample("notify_sales")))


@pytest.mark.row("OPS-04")
def test_sales_gets_one_mail_whatever_the_queue_does(service: Service) -> None:
    assert tell(service) == []
    assert tell(service) == []
    ((to, subject, body),) = service.mails
    assert to == [SALES]
    assert subject == "Large order over 1295.00 GBP"
    assert "0190a000-0000-7000-8000-0000000000c1" in body
    published = [detail_of(envelope_of(item)) for item in service.table.events()]
    assert [check(event) for event in published] == ["sales.attempted", "sales.told"]


def test_replayed_after_its_marker_expired_it_is_still_one_mail(service: Service) -> None:
    tell(service)
    for marker in service.table.items("INBOX#"):
        service.table.put(marker | {"expires_at": 1})
    assert tell(service) == []
    assert len(service.mails) == 1


def test_a_mail_that_cannot_be_sent_is_tried_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = sample("notify_sales")
    import functions.notifications.notify_sales.handler as module  # noqa: PLC0415  # needs the fixture

    channel = module.get_service(module.NotifySalesHandler).channel
    with monkeypatch.context() as broken:
        broken.setattr(channel, "_sender", "nobody@unverified.example")
        assert failed_ids(service.invoke("notify_sales", batch)) == ["message-1"]
    assert service.table.items("INBOX#") == []
    published = [detail_of(envelope_of(item)) for item in service.table.events("LargeOrder#")]
    assert [check(event) for event in published] == ["sales.attempted", "sales.refused"]
    assert tell(service) == []
    assert len(service.mails) == 1


def order_over(amount: int, currency: str, *, version: int = 4) -> dict[str, Any]:
    total = {"amount": amount, "currency": currency}
    event = order_event("completed", total=total)
    return event | {"aggregate": {**event["aggregate"], "version": version}}


@pytest.mark.parametrize(
    ("amount", "currency", "large"),
    [
        (100_000, "GBP", False),
        (100_001, "GBP", True),
        (2**53 - 1, "GBP", True),
        (100_001, "IDR", False),  # 1 000.01 rupiah
        (1_800_000_001, "IDR", True),
        (160_000, "JPY", False),
        (50_000_000, "JPY", True),
        (1, "CHF", True),  # nobody has said what is large in it
        (0, "CHF", False),
    ],
)
def test_what_is_large_depends_on_the_currency(
    service: Service, amount: int, currency: str, large: bool
) -> None:
    batch = sqs_batch(bus_event(order_over(amount, currency), source="orders"))
    with counted_calls() as calls:
        assert failed_ids(service.invoke("notify_sales", batch)) == []
    assert len(service.mails) == large
    sent = {"BatchGetItem": 1, "TransactWriteItems": 2}
    assert calls.dynamodb == (sent if large else {"TransactWriteItems": 1})


def test_sales_does_not_hear_of_a_sale_that_was_called_off(service: Service) -> None:
    off = order_event("cancelled", reason="No.", previous_status="paid")
    off = off | {"aggregate": {**off["aggregate"], "version": 5}}
    assert service.deliver(registered(), off) == []
    batch = sqs_batch(bus_event(order_over(200_000, "GBP"), source="orders"))
    assert failed_ids(service.invoke("notify_sales", batch)) == []
    assert [to for to, _, _ in service.mails if to == [SALES]] == []
    assert service.table.items("LargeOrder#") == []


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        " ",
        "EUR",
        "EUR -1",
        "EUR 1, EUR 2",
        "EUR 1.001",
        "XXX 1",
        "eur 1",
        "JPY 1.5",
        "1000",
        "EUR 1,",
    ],
)
def test_thresholds_that_make_no_sense_stop_the_function(wrong: str) -> None:
    environ = {"SENDER_EMAIL": SENDER, "SALES_EMAIL": SALES, "LARGE_ORDERS": wrong}
    with pytest.raises(ConfigurationError, match="LARGE_ORDERS"):
        load(SalesSettings, environ)


def test_the_templates_default_makes_sense() -> None:
    for path in ("template.yaml", "functions/notifications/template.yaml"):
        default = load_template(ROOT / path)["Parameters"]["LargeOrders"]["Default"]
        environ = {"SENDER_EMAIL": SENDER, "SALES_EMAIL": SALES, "LARGE_ORDERS": default}
        thresholds = load(SalesSettings, environ).thresholds.by_currency
        assert len(thresholds) == 10
        assert len(default) <= 120
        assert thresholds["EUR"] == Money(100_000, "EUR")
        assert thresholds["KWD"] == Money(350_000, "KWD")


def test_nonsense_is_no_order(service: Service) -> None:
    batch = sample("notify_sales")
    body = json.loads(batch["Records"][0]["body"])
    del body["detail"]["data"]["total"]
    batch["Records"][0]["body"] = json.dumps(body)
    assert failed_ids(service.invoke("notify_sales", batch)) == ["message-1"]
    assert service.mails == []


@pytest.mark.row("EVT-04")
def test_round_trips(service: Service) -> None:
    with counted_calls() as calls:
        tell(service)
    assert calls.dynamodb == {"BatchGetItem": 1, "TransactWriteItems": 2}
