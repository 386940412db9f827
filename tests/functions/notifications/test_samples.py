"""Every function takes its sample event."""

import boto3
import pytest

from tests.functions.notifications.conftest import Service, sample
from tests.support.aws_calls import counted_calls
from tools.lab.support.http_events import json_of


@pytest.mark.row("OPS-04", "EVT-04")
def test_a_customer_hears_of_everything_and_can_read_it_again(service: Service) -> None:
    answer = service.invoke("notify_on_event", sample("notify_on_event"))
    assert answer == {"batchItemFailures": []}
    assert [subject for _, subject, _ in service.mails] == [
        "Welcome to Tradewind",
        "Thank you for your order",
        "Your payment did not go through",
        "Your order has been cancelled",
    ]
    listed = service.invoke("list_my_notifications", sample("list_my_notifications"))
    assert listed["statusCode"] == 200
    data = json_of(listed)["data"]
    assert len(data["items"]) == 2
    assert data["has_next"] is True


@pytest.mark.row("OPS-04", "EVT-02")
def test_relay_events(service: Service) -> None:
    boto3.client("events").create_event_bus(Name="test")
    with counted_calls() as calls:
        service.invoke("relay_events", sample("relay_events"))
    assert calls.of("events") == {"PutEvents": 1}
