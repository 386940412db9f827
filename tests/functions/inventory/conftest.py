"""The inventory functions in this process, with a catalog's table beside them."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import TableFactory
from tools.lab.support import environment
from tools.lab.support.bus_events import bus_event, detail, failed_ids, sqs_batch
from tools.lab.support.functions import Answer, sample_event
from tools.lab.support.http_events import Caller, http_event
from tools.lab.support.lambda_context import LambdaContext
from tools.lab.support.tables import Table

CLERK = Caller(role="warehouse")
TEA = "0190a000-0000-7000-8000-0000000000b1"
POT = "0190a000-0000-7000-8000-0000000000b2"
SECRET = "0190a000-0000-7000-8000-0000000000b3"
ORDER = "0190a000-0000-7000-8000-0000000000c1"


def sample(use_case: str) -> dict[str, Any]:
    """Return the sample event of a function."""
    return sample_event("inventory", use_case)


@dataclass
class Service:
    """The inventory service: its functions and its table."""

    table: Table

    def invoke(self, use_case: str, event: Mapping[str, Any]) -> Any:
        """Return what the function makes of *event*."""
        module = importlib.import_module(f"functions.inventory.{use_case}.handler")
        return module.handler(event, LambdaContext())

    def send(self, use_case: str, event: Mapping[str, Any]) -> Answer:
        """Send an API Gateway event to the function."""
        response = self.invoke(use_case, event)
        return Answer.of(response)

    def adjust(
        self, product: str, body: Any, *, caller: Any = CLERK, key: str | None = None
    ) -> Answer:
        """Adjust stock."""
        path = f"/api/v1/inventory/{product}/adjustments"
        headers = {"idempotency-key": key} if key else {}
        event = http_event("POST", path, body=body, caller=caller, headers=headers)
        return self.send("adjust_stock", event)

    def get(self, product: str, *, caller: Any = CLERK) -> Answer:
        """Get stock."""
        event = http_event("GET", f"/api/v1/inventory/{product}", caller=caller)
        return self.send("get_stock", event)

    def deliver(self, use_case: str, *details: Mapping[str, Any]) -> list[str]:
        """Deliver events to a consumer; return the messages it left on the queue."""
        batch = sqs_batch(*(bus_event(each, source="orders") for each in details))
        return failed_ids(self.invoke(use_case, batch))

    def balance(self, product: str = TEA) -> tuple[int, int, int, int]:
        """Return available, reserved, sold, received."""
        item = self.table.get(f"Stock#{product}", "STATE")
        assert item is not None
        return item["available"], item["reserved"], item["sold"], item["received"]

    def event_types(self) -> list[str]:
        """Return the types of the orders' events."""
        return [item["type"] for item in self.table.events("Reservation#")]


def placed(quantity: int = 2, *, order_id: str = ORDER, product: str = TEA) -> dict[str, Any]:
    """Return ``order.placed``."""
    money = {"amount": 100, "currency": "GBP"}
    line = {
        "product_id": product,
        "mnemonic": "TEA",
        "quantity": quantity,
        "unit_price": money,
        "total": money,
    }
    return _of_order(
        "order.placed", order_id, lines=[line], total=money, payment_method="pm_card_visa"
    )


def completed(order_id: str = ORDER) -> dict[str, Any]:
    """Return ``order.completed``."""
    return _of_order("order.completed", order_id, total={"amount": 100, "currency": "GBP"})


def cancelled(order_id: str = ORDER) -> dict[str, Any]:
    """Return ``order.cancelled``."""
    return _of_order(
        "order.cancelled", order_id, reason="changed my mind", previous_status="pending"
    )


def release_requested(order_id: str = ORDER) -> dict[str, Any]:
    """Return ``inventory.release_requested``."""
    return _of_order("inventory.release_requested", order_id, reason="payment_failed")


def _of_order(event_type: str, order_id: str, **data: Any) -> dict[str, Any]:
    known = {"order_id": order_id, "customer_id": "c-1", **data}
    return detail(event_type, known, aggregate_type="Order", aggregate_id=order_id)


@pytest.fixture
def service(make_table: TableFactory, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service with an empty table; the catalog has tea, a pot and what is confidential."""
    catalog, inventory = make_table(), make_table()
    monkeypatch.setenv("TABLE_NAME", inventory.name)
    monkeypatch.setenv("CATALOG_TABLE_NAME", catalog.name)
    monkeypatch.setenv("SERVICE", "inventory")
    environment.forget_cached()
    for product in (TEA, POT, SECRET):
        known = {"id": product, "version": 1, "is_confidential": product == SECRET}
        catalog.put({"PK": f"Product#{product}", "SK": "STATE", **known})
    return Service(inventory)
