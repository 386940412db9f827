"""The orders functions in this process, with a real catalog beside them."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from shared.catalog.adapters.rule_evaluation import evaluate, mistakes
from shared.catalog.adapters.unit_of_work import DynamoCatalogUnitOfWork
from shared.catalog.domain.rule import Subject
from shared.catalog.use_cases.add_business_rule import AddBusinessRule, AddBusinessRuleHandler
from shared.catalog.use_cases.create_product import CreateProduct, CreateProductHandler
from shared.catalog.use_cases.update_product import UpdateProduct, UpdateProductHandler
from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from tests.conftest import TableFactory
from tools.lab.support import environment
from tools.lab.support.bus_events import bus_event, detail, failed_ids, sqs_batch
from tools.lab.support.functions import Answer, sample_event
from tools.lab.support.http_events import Caller, http_event
from tools.lab.support.lambda_context import LambdaContext
from tools.lab.support.tables import Table

CUSTOMER = Caller()
STRANGER = Caller(user_id="0190a000-0000-7000-8000-000000000002")

ROUTES = {
    "place_order": ("POST", "/api/v1/orders"),
    "get_order": ("GET", "/api/v1/orders/{order_id}"),
    "list_my_orders": ("GET", "/api/v1/orders"),
    "list_stuck_orders": ("GET", "/api/v1/orders/stuck"),
    "cancel_order": ("POST", "/api/v1/orders/{order_id}/cancel"),
    "get_order_history": ("GET", "/api/v1/orders/{order_id}/history"),
}


def sample(use_case: str) -> dict[str, Any]:
    """Return the sample event of a function."""
    return sample_event("orders", use_case)


@dataclass
class Service:
    """The orders service: its functions and its table."""

    table: Table
    create_product: Callable[..., str]
    add_rule: Callable[..., str]
    change_price: Callable[[str, int], None]

    def invoke(self, use_case: str, event: Mapping[str, Any]) -> Any:
        """Return what the function makes of *event*."""
        module = importlib.import_module(f"functions.orders.{use_case}.handler")
        return module.handler(event, LambdaContext())

    def call(
        self, use_case: str, order_id: str = "", *, caller: Any = CUSTOMER, **request: Any
    ) -> Answer:
        """Send a request to the function's route."""
        method, route = ROUTES[use_case]
        return self.send(
            use_case,
            http_event(
                method,
                route.replace("{order_id}", order_id),
                caller=caller,
                route=route,
                path_parameters={"order_id": order_id} if order_id else None,
                **request,
            ),
        )

    def send(self, use_case: str, event: Mapping[str, Any]) -> Answer:
        """Send a whole API Gateway event to the function."""
        response = self.invoke(use_case, event)
        return Answer.of(response)

    def place(self, *wanted: tuple[str, int], key: str | None = None, **request: Any) -> Answer:
        """Place an order over (product id, quantity)."""
        body = {
            "lines": [{"product_id": id_, "quantity": quantity} for id_, quantity in wanted],
            "payment_method": "pm_card_visa",
        }
        headers = {"idempotency-key": key} if key else {}
        return self.call("place_order", body=body, headers=headers, **request)

    def deliver(self, use_case: str, *details: Mapping[str, Any]) -> list[str]:
        """Deliver events to a consumer; return the messages it left on the queue."""
        return failed_ids(
            self.invoke(use_case, sqs_batch(*(bus_event(each, source="test") for each in details)))
        )

    def events_of(self, order_id: str) -> list[str]:
        """Return the types of the order's events."""
        return [item["type"] for item in self.table.events(f"Order#{order_id}")]


def reserved(order_id: str, **known: Any) -> dict[str, Any]:
    """Return ``inventory.reserved``."""
    return _saga("inventory.reserved", "Reservation", order_id, {}, **known)


def rejected(order_id: str, **known: Any) -> dict[str, Any]:
    """Return ``inventory.rejected``."""
    short = {"product_id": "product-1", "requested": 3, "available": 1, "short": 2}
    return _saga("inventory.rejected", "Reservation", order_id, {"shortages": [short]}, **known)


def succeeded(order_id: str, **known: Any) -> dict[str, Any]:
    """Return ``payment.succeeded``."""
    return _saga("payment.succeeded", "Payment", order_id, {"payment_id": order_id}, **known)


def declined(order_id: str, **known: Any) -> dict[str, Any]:
    """Return ``payment.failed``."""
    data = {"reason": "card_declined", "message": "The card was declined."}
    return _saga("payment.failed", "Payment", order_id, data, **known)


def _saga(
    event_type: str, aggregate_type: str, order_id: str, data: Mapping[str, Any], **known: Any
) -> dict[str, Any]:
    return detail(
        event_type,
        {"order_id": order_id, "customer_id": CUSTOMER.user_id, **data},
        aggregate_type=aggregate_type,
        aggregate_id=order_id,
        **known,
    )


@pytest.fixture
def service(make_table: TableFactory, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service with an empty table, a secret for its cursors and an empty catalog."""
    catalog, orders = make_table(), make_table()
    secret = boto3.client("secretsmanager").create_secret(Name="orders", SecretString="s" * 64)
    monkeypatch.setenv("TABLE_NAME", orders.name)
    monkeypatch.setenv("CATALOG_TABLE_NAME", catalog.name)
    monkeypatch.setenv("SERVICE_SECRET_ARN", secret["ARN"])
    monkeypatch.setenv("SERVICE", "orders")
    monkeypatch.setenv("CANCEL_PAID_MINUTES", "1440")
    monkeypatch.setenv("PAYMENT_GATEWAY", "sandbox")
    environment.forget_cached()
    return Service(
        orders, _product_factory(catalog), _rule_factory(catalog), _price_setter(catalog)
    )


def _product_factory(catalog: Table) -> Callable[..., str]:

    uow = DynamoCatalogUnitOfWork(catalog.client, catalog.name)

    def create(
        price: int = 1_295,
        currency: str = "GBP",
        *,
        id: str | None = None,
        is_confidential: bool = False,
    ) -> str:
        make = CreateProductHandler(
            uow=uow, clock=SystemClock(), new_id=lambda: id or new_id(), evaluate=evaluate
        )
        number = len(catalog.states())
        command = CreateProduct(
            mnemonic=f"P{number}",
            overview="A product.",
            is_confidential=is_confidential,
            price=Money(price, currency),
        )
        return make(command).id

    return create


def _price_setter(catalog: Table) -> Callable[[str, int], None]:
    uow = DynamoCatalogUnitOfWork(catalog.client, catalog.name)

    def change(product_id: str, amount: int) -> None:
        update = UpdateProductHandler(uow=uow, clock=SystemClock(), evaluate=evaluate)
        update(UpdateProduct(product_id=product_id, price=Money(amount, "GBP"), any_price=True))

    return change


def _rule_factory(catalog: Table) -> Callable[..., str]:

    uow = DynamoCatalogUnitOfWork(catalog.client, catalog.name)

    def add(field: str, kind: str, parameters: Any, **more: Any) -> str:
        make = AddBusinessRuleHandler(
            uow=uow,
            clock=SystemClock(),
            new_id=new_id,
            examine=mistakes,
            evaluate=evaluate,
        )
        command = AddBusinessRule(
            subject=Subject.ORDER_LINE, field=field, kind=kind, parameters=parameters, **more
        )
        return make(command).id

    return add


@pytest.fixture
def product(service: Service) -> str:
    """A product for 12.95 GBP."""
    return service.create_product()
