"""The payments functions in this process."""

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TableFactory
from tools.lab.support import environment
from tools.lab.support.bus_events import bus_event, detail, failed_ids, sqs_batch
from tools.lab.support.http_events import Caller, http_event
from tools.lab.support.lambda_context import LambdaContext
from tools.lab.support.tables import Table

SAMPLES = Path(__file__).parents[3] / "events" / "payments"
CUSTOMER = Caller()
ORDER = "0190a000-0000-7000-8000-0000000000d1"
LINES = [{"product_id": "0190a000-0000-7000-8000-0000000000a1", "quantity": 2}]


def sample(use_case: str) -> Any:
    """Return the sample event of a function."""
    return json.loads((SAMPLES / f"{use_case}.json").read_text())


def reserved(
    order_id: str = ORDER, payment_method: Any = "pm_card_visa", **known: Any
) -> dict[str, Any]:
    """Return ``order.reserved``."""
    data = {"order_id": order_id, **terms(payment_method)}
    return _of_order(2, data, **known)


def reserved_before(order_id: str = ORDER, **known: Any) -> dict[str, Any]:
    """Return ``order.reserved`` as it was when it did not say what is due."""
    return _of_order(1, {"order_id": order_id}, **known)


def held_before(
    order_id: str = ORDER, payment_method: Any = "pm_card_visa", **known: Any
) -> dict[str, Any]:
    """Return ``inventory.reserved`` as it was when it said what is due."""
    data = {"order_id": order_id, "lines": LINES, **terms(payment_method)}
    return _of_reservation(1, data, **known)


def held(order_id: str = ORDER, **known: Any) -> dict[str, Any]:
    """Return ``inventory.reserved``: what is held, and nothing of money."""
    data = {"order_id": order_id, "customer_id": CUSTOMER.user_id, "lines": LINES}
    return _of_reservation(2, data, **known)


def terms(payment_method: Any) -> dict[str, Any]:
    """Return what is due, and by whom."""
    return {
        "customer_id": CUSTOMER.user_id,
        "total": {"amount": 5990, "currency": "EUR"},
        "payment_method": payment_method,
    }


def _of_order(version: int, data: dict[str, Any], **known: Any) -> dict[str, Any]:
    order_id = data["order_id"]
    event = detail("order.reserved", data, aggregate_type="Order", aggregate_id=order_id, **known)
    return event | {"schema_version": version}


def _of_reservation(version: int, data: dict[str, Any], **known: Any) -> dict[str, Any]:
    event = detail(
        "inventory.reserved",
        data,
        aggregate_type="Reservation",
        aggregate_id=data["order_id"],
        **known,
    )
    return event | {"schema_version": version}


def cancelled_since(amount: int, order_id: str = ORDER) -> dict[str, Any]:
    """Return ``order.cancelled`` that says what the order came to."""
    total = {"amount": amount, "currency": "EUR"}
    before = cancelled(order_id)
    data = {**before["data"], "paid": amount > 0, "cancelled_by": "customer", "total": total}
    return before | {"schema_version": 3, "data": data}


def cancelled(order_id: str = ORDER, **known: Any) -> dict[str, Any]:
    """Return ``order.cancelled``, of version 1."""
    data = {
        "order_id": order_id,
        "customer_id": CUSTOMER.user_id,
        "reason": "Ordered twice.",
        "previous_status": "paid",
    }
    return detail("order.cancelled", data, aggregate_type="Order", aggregate_id=order_id, **known)


@dataclass
class Service:
    """The payments service: its functions, its table and the gateway's ledger."""

    table: Table
    ledger: Table

    def invoke(self, use_case: str, event: Mapping[str, Any]) -> Any:
        """Return what the function makes of *event*."""
        module = importlib.import_module(f"functions.payments.{use_case}.handler")
        return module.handler(event, LambdaContext())

    def deliver(self, use_case: str, *messages: Mapping[str, Any] | str) -> list[str]:
        """Deliver events (or raw bodies) to a consumer; return the messages left on the queue."""
        bodies = [
            each if isinstance(each, str) else bus_event(each, source="x") for each in messages
        ]
        return failed_ids(self.invoke(use_case, sqs_batch(*bodies)))

    def get(self, order_id: str = ORDER, *, caller: Any = CUSTOMER) -> Any:
        """Send GET /api/v1/payments/{order_id}."""
        event = http_event(
            "GET",
            f"/api/v1/payments/{order_id}",
            caller=caller,
            route="/api/v1/payments/{order_id}",
            path_parameters={"order_id": order_id},
        )
        return self.invoke("get_payment", event)


@pytest.fixture
def service(make_table: TableFactory, monkeypatch: pytest.MonkeyPatch) -> Service:
    table, ledger = make_table(), make_table()
    monkeypatch.setenv("TABLE_NAME", table.name)
    monkeypatch.setenv("SANDBOX_TABLE_NAME", ledger.name)
    monkeypatch.setenv("SERVICE", "payments")
    environment.forget_cached()
    return Service(table, ledger)
