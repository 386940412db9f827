"""Every function takes its sample event."""

import boto3
import pytest

from shared.catalog.api import price_quotes
from shared.orders.adapters.unit_of_work import DynamoOrdersUnitOfWork
from shared.orders.use_cases.place_order import PlaceOrder, PlaceOrderHandler, WantedProduct
from shared.payments.api import payment_methods
from tests.functions.orders.conftest import CUSTOMER, Service, sample
from tests.support.aws_calls import counted_calls
from tools.lab.support.bus_events import failed_ids

PRODUCT = "0190a000-0000-7000-8000-0000000000a1"
ORDERS = ("0190a000-0000-7000-8000-0000000000d1", "0190a000-0000-7000-8000-0000000000d2")


@pytest.fixture
def scene(service: Service) -> Service:
    """The product and the two orders that the samples speak of."""
    service.create_product(id=PRODUCT)
    for order_id in ORDERS:
        uow = DynamoOrdersUnitOfWork(service.table.client, service.table.name)
        place = PlaceOrderHandler(
            uow=uow,
            prices=price_quotes(),
            payment_methods=payment_methods(),
            new_id=lambda order_id=order_id: order_id,
        )
        place(
            PlaceOrder(
                customer_id=CUSTOMER.user_id,
                wanted=[WantedProduct(product_id=PRODUCT, quantity=2)],
                payment_method="pm_card_visa",
            )
        )
    return service


@pytest.mark.row("OPS-04")
@pytest.mark.parametrize(
    ("use_case", "status"),
    [
        ("place_order", 201),
        ("get_order", 200),
        ("list_my_orders", 200),
        ("list_stuck_orders", 200),
        ("cancel_order", 200),
        ("get_order_history", 200),
    ],
)
def test_http_functions(scene: Service, use_case: str, status: int) -> None:
    answer = scene.send(use_case, sample(use_case))
    assert answer.status == status
    assert answer.json["success"] is True


@pytest.mark.row("OPS-04")
@pytest.mark.parametrize(
    ("use_case", "states"),
    [
        ("record_reservation", ["reserved", "pending"]),
        ("finalize_order", ["paid", "pending"]),
        ("fail_order", ["payment_failed", "rejected"]),
    ],
)
def test_consumers(scene: Service, use_case: str, states: list[str]) -> None:
    assert failed_ids(scene.invoke(use_case, sample(use_case))) == []
    assert [state["status"] for state in scene.table.states("Order#")] == states


@pytest.mark.row("OPS-04", "EVT-02")
def test_relay(service: Service) -> None:
    boto3.client("events").create_event_bus(Name="test")
    with counted_calls() as calls:
        assert failed_ids(service.invoke("relay_events", sample("relay_events"))) == []
    assert calls.of("events") == {"PutEvents": 1}
