"""Every function takes its sample event."""

import boto3
import pytest

from tests.functions.payments.conftest import Service, sample
from tests.support.aws_calls import counted_calls
from tools.lab.support.http_events import json_of


@pytest.mark.row("OPS-04", "EVT-04")
def test_the_life_of_a_payment(service: Service) -> None:
    assert service.invoke("process_payment", sample("process_payment")) == {
        "batchItemFailures": []
    }
    assert [state["status"] for state in service.table.states()] == ["succeeded", "failed"]
    assert service.invoke("refund_payment", sample("refund_payment")) == {"batchItemFailures": []}
    answer = service.invoke("get_payment", sample("get_payment"))
    assert answer["statusCode"] == 200
    body = json_of(answer)
    assert body["success"] is True
    assert body["data"]["status"] == "refunded"
    assert body["data"]["net"] == {"amount": 0, "currency": "GBP"}


@pytest.mark.row("OPS-04", "EVT-02")
def test_relay_events(service: Service) -> None:
    boto3.client("events").create_event_bus(Name="test")
    with counted_calls() as calls:
        service.invoke("relay_events", sample("relay_events"))
    assert calls.of("events") == {"PutEvents": 1}
