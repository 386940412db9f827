"""What the stack tests do over plain HTTP, and how they wait for what follows."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from tools.local.access import StackAccess
from tools.operate.create_admin import create_admin

T = TypeVar("T")

PASSWORD = "a-long-winded-Passphrase-42"
WAIT_SECONDS = 30.0


def eventually(
    read: Callable[[], T], holds: Callable[[T], bool], what: str, *, seconds: float = WAIT_SECONDS
) -> T:
    """Return the first thing read for which *holds* is true; fail after *seconds*.

    Events travel at their own pace; this waits for the state they lead to, never for a time.
    """
    ends_at = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        found = read()
        if holds(found):
            return found
        if time.monotonic() > ends_at:
            raise AssertionError(f"never happened: {what}; last seen: {found}")
        pause.wait(0.05)


RENEWED_SECONDS = 480.0
"""How long an access token is used: it lives for ten minutes, and the stack's tests run longer."""


@dataclass
class Customer:
    """Somebody with an account, and their requests in one session."""

    http: httpx.Client = field(repr=False)
    id: str
    email: str
    session: dict[str, Any] = field(repr=False)
    renewed_at: float = field(default_factory=time.monotonic, repr=False)

    @property
    def token(self) -> str:
        """An access token that is good for a while."""
        if time.monotonic() - self.renewed_at > RENEWED_SECONDS:
            body = {"refresh_token": self.session["refresh_token"]}
            answer = self.http.post("/api/v1/auth/refresh", json=body)
            assert answer.status_code == 200, answer.text
            self.session |= answer.json()["data"]
            self.renewed_at = time.monotonic()
        found: str = self.session["access_token"]
        return found

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request as this user."""
        headers = {"authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.http.request(method, path, headers=headers, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Read as this user."""
        return self.request("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """Post as this user."""
        return self.request("POST", path, json=json, **options)

    def data(self, path: str) -> Any:
        """Return the data of a successful read."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def place(
        self, *lines: tuple[str, int], card: str | None = "pm_card_visa", key: str | None = None
    ) -> httpx.Response:
        """Place an order of (product id, quantity) lines."""
        body = {
            "lines": [{"product_id": each, "quantity": count} for each, count in lines],
            "payment_method": card,
        }
        headers = {"idempotency-key": key} if key else {}
        return self.post("/api/v1/orders", body, headers=headers)

    def order(self, order_id: str) -> Any:
        """Return the order as this user sees it."""
        return self.data(f"/api/v1/orders/{order_id}")

    def settled(self, order_id: str) -> Any:
        """Return the order once it has come to its end."""
        return eventually(
            lambda: self.order(order_id),
            lambda order: order["outcome"] != "in_progress",
            f"order {order_id} ends",
        )


class Shop:
    """The whole API, and the administrator who runs the shop."""

    def __init__(self, stack: StackAccess, http: httpx.Client) -> None:
        self.stack = stack
        self.http = http
        email = "admin@shop.example"
        create_admin(
            stack.client("dynamodb"), stack.table("identity"),
            email=email, password=PASSWORD, name="Ada Admin",
        )  # fmt: skip
        self.admin = self.log_in(email)

    @classmethod
    @contextmanager
    def opened(cls, stack: StackAccess) -> Iterator["Shop"]:
        """Open the API of *stack*."""
        with httpx.Client(base_url=stack.base_url, timeout=60) as http:
            yield cls(stack, http)

    def register(self, email: str, **options: Any) -> httpx.Response:
        """Register an account."""
        body = {"email": email, "password": PASSWORD, "name": "Carla Customer"}
        return self.http.post("/api/v1/auth/register", json=body, **options)

    def log_in(self, email: str) -> Customer:
        """Log an account in."""
        answer = self.http.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        data = answer.json()["data"]
        return Customer(self.http, data["user"]["id"], email, data)

    def new_customer(self) -> Customer:
        """Register somebody new and log them in."""
        email = f"carla-{uuid4().hex[:12]}@shop.example"
        assert self.register(email).status_code == 201
        return self.log_in(email)

    def new_product(self, mnemonic: str, *, price: int, stock: int) -> str:
        """Create a product and receive *stock* units of it; return its id."""
        body = {
            "mnemonic": mnemonic,
            "overview": "A thing to test with",
            "price": {"amount": price, "currency": "EUR"},
        }
        made = self.admin.post("/api/v1/products", body)
        assert made.status_code == 201, made.text
        product_id: str = made.json()["data"]["id"]
        if stock:
            received = self.admin.post(
                f"/api/v1/inventory/{product_id}/adjustments",
                {"quantity": stock, "reason": "received"},
            )
            assert received.status_code == 201, received.text
        return product_id

    def stock_of(self, product_id: str) -> dict[str, int]:
        """Return available, reserved, sold and received."""
        found = self.admin.data(f"/api/v1/inventory/{product_id}")
        return {name: found[name] for name in ("available", "reserved", "sold", "received")}

    def stock_becomes(self, product_id: str, **expected: int) -> None:
        """Wait until the stock is as *expected*, and hold it to its invariant all the while."""

        def read() -> dict[str, int]:
            stock = self.stock_of(product_id)
            assert stock["available"] >= 0
            assert stock["available"] + stock["reserved"] + stock["sold"] == stock["received"]
            return stock

        eventually(read, lambda stock: expected.items() <= stock.items(), f"stock {expected}")

    @contextmanager
    def paused(self, service: str, use_case: str) -> Iterator[None]:
        """Stop one consumer from taking messages while the block runs; they wait in its queue."""
        lambdas = self.stack.client("lambda")
        name = self.stack.function(service, use_case)
        (mapping,) = lambdas.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        lambdas.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        try:
            yield
        finally:
            lambdas.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)

    def item_count(self, service: str) -> int:
        """Return how many items the service's table holds, counters of requests aside."""
        pages = (
            self.stack.client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=self.stack.table(service),
                Select="COUNT",
                ConsistentRead=True,
                FilterExpression="NOT begins_with(PK, :counter)",
                ExpressionAttributeValues={":counter": {"S": "RATE#"}},
            )
        )
        return sum(page["Count"] for page in pages)
