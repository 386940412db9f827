"""notify_sales: large orders, once each."""

import json

import pytest

from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from tests.functions.notifications.conftest import SALES, Service, sample
from tests.support.aws_calls import counted_calls
from tests.support.schemas import check
from tools.lab.support.bus_events import failed_ids

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
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 2}
