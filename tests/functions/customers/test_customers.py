"""The customers' functions in this process."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from tests.support.aws_calls import counted_calls
from tools.lab.support import environment
from tools.lab.support.bus_events import bus_event, detail, failed_ids, sqs_batch
from tools.lab.support.functions import Answer, sample_event
from tools.lab.support.http_events import ADMIN, ANONYMOUS, Caller, http_event
from tools.lab.support.lambda_context import LambdaContext
from tools.lab.support.tables import Table

CUSTOMER = Caller()
STRANGER = Caller(user_id="0190a000-0000-7000-8000-000000000077")
ROUTE = "/api/v1/customers/{customer_id}/summary"
ORDER = "0190a000-0000-7000-8000-0000000000d1"


@dataclass
class Service:
    """The customers service: its functions and its table."""

    table: Table

    def invoke(self, use_case: str, event: Mapping[str, Any]) -> Any:
        module = importlib.import_module(f"functions.customers.{use_case}.handler")
        return module.handler(event, LambdaContext())

    def deliver(self, *details: Mapping[str, Any]) -> list[str]:
        """Deliver events; return the messages left on the queue."""
        bodies = [bus_event(each, source="orders") for each in details]
        batch = sqs_batch(*bodies)
        return failed_ids(self.invoke("project_customer_summary", batch))

    def summary(self, of: str = CUSTOMER.user_id, *, caller: Any = CUSTOMER) -> Answer:
        event = http_event(
            "GET",
            ROUTE.replace("{customer_id}", of),
            caller=caller,
            route=ROUTE,
            path_parameters={"customer_id": of},
        )
        return Answer.of(self.invoke("get_customer_summary", event))


def order(kind: str, **data: Any) -> dict[str, Any]:
    fields = {"order_id": ORDER, "customer_id": CUSTOMER.user_id, **data}
    return detail(f"order.{kind}", fields, aggregate_type="Order", aggregate_id=ORDER)


PLACED = order("placed", total={"amount": 700, "currency": "GBP"}, lines=[])


@pytest.fixture
def service(table: Table, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setenv("SERVICE", "customers")
    environment.forget_cached()
    return Service(table)


@pytest.mark.row("CQR-04")
def test_a_summary_follows_the_orders(service: Service) -> None:
    nothing = service.summary()
    assert (nothing.status, nothing.data["orders"], nothing.data["as_of"]) == (200, 0, None)
    assert service.deliver(PLACED) == []
    assert service.summary().data["open"] == 1
    assert service.deliver(order("completed", total=PLACED["data"]["total"])) == []
    assert service.summary().data == {
        "customer_id": CUSTOMER.user_id,
        "orders": 1,
        "open": 0,
        "completed": 1,
        "failed": 0,
        "cancelled": 0,
        "spent": [{"amount": 700, "currency": "GBP"}],
        "first_order_at": "2026-01-01T00:00:00.000Z",
        "last_order_at": "2026-01-01T00:00:00.000Z",
        "as_of": "2026-01-01T00:00:00.000Z",
    }
    service.deliver(order("cancelled", reason="", previous_status="paid", paid=True))
    after = service.summary().data
    assert (after["completed"], after["cancelled"], after["spent"]) == (0, 1, [])


@pytest.mark.row("CQR-04", "EVT-04")
def test_events_twice_and_late_change_nothing_more(service: Service) -> None:
    completed = order("completed", total=PLACED["data"]["total"])
    assert service.deliver(completed, completed) == []
    assert service.summary().data["orders"] == 0
    assert service.deliver(PLACED, completed, PLACED) == []
    assert service.summary().data["completed"] == 1


@pytest.mark.row("CQR-04")
def test_how_far_it_lags_is_measured(service: Service, capsys: Any) -> None:
    service.deliver(PLACED)
    written = capsys.readouterr().out
    assert '"EventAge":[' in written
    assert "customers.project_customer_summary" in written


@pytest.mark.row("PRM-03")
def test_other_peoples_summaries_do_not_exist_except_for_the_administrator(
    service: Service,
) -> None:
    service.deliver(PLACED)
    refused = service.summary(caller=STRANGER)
    assert (refused.status, refused.code) == (404, "CUSTOMER_NOT_FOUND")
    assert service.summary(caller=ADMIN).data["orders"] == 1
    assert service.summary(STRANGER.user_id, caller=ADMIN).status == 404
    granted = Caller(user_id=STRANGER.user_id, grants=["customer:admin"])
    assert service.summary(caller=granted).status == 200
    assert service.summary(caller=ANONYMOUS).status == 401


@pytest.mark.parametrize("customer", ["x", "..", "CUSTOMER#1", "x" * 1_500])
def test_what_cannot_be_a_customer_is_not_found(service: Service, customer: str) -> None:
    assert service.summary(customer, caller=ADMIN).status == 404


@pytest.mark.parametrize("total", [None, 5, {"amount": "1", "currency": "GBP"}, {"amount": 1}])
def test_an_event_without_a_total_is_left_or_buried(service: Service, total: Any) -> None:
    service.deliver(order("placed", total=total))
    assert service.summary().data["orders"] == 0


@pytest.mark.row("OPS-04")
def test_samples(service: Service) -> None:
    sample = sample_event("customers", "project_customer_summary")
    assert failed_ids(service.invoke("project_customer_summary", sample)) == []
    shown = service.invoke(
        "get_customer_summary", sample_event("customers", "get_customer_summary")
    )
    assert Answer.of(shown).data["completed"] == 1


@pytest.mark.row("OPS-04", "EVT-02")
def test_relay(service: Service) -> None:
    boto3.client("events").create_event_bus(Name="test")
    sample = sample_event("customers", "relay_events")
    with counted_calls() as calls:
        assert failed_ids(service.invoke("relay_events", sample)) == []
    assert calls.of("events") == {"PutEvents": 1}
