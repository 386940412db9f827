"""The catalog functions in this process."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from tools.lab.support import environment
from tools.lab.support.functions import Answer, sample_event
from tools.lab.support.http_events import ANONYMOUS, Caller, http_event
from tools.lab.support.lambda_context import LambdaContext
from tools.lab.support.tables import Table

SHOPKEEPER = Caller(user_id="0190a000-0000-7000-8000-000000000002", role="merchandiser")
TEAPOT = {
    "mnemonic": "TEAPOT",
    "overview": "A teapot.",
    "price": {"amount": 1_000, "currency": "GBP"},
}


def sample(use_case: str) -> dict[str, Any]:
    """Return the sample event of a function."""
    return sample_event("catalog", use_case)


@dataclass
class Service:
    """The catalog service: its functions and its table."""

    table: Table

    def invoke(self, use_case: str, event: Mapping[str, Any]) -> Any:
        """Return what the function makes of *event*."""
        module = importlib.import_module(f"functions.catalog.{use_case}.handler")
        return module.handler(event, LambdaContext())

    def send(self, use_case: str, event: Mapping[str, Any]) -> Answer:
        """Send an API Gateway event to the function."""
        response = self.invoke(use_case, event)
        return Answer.of(response)

    def create(
        self, body: Any = None, *, caller: Any = SHOPKEEPER, key: str | None = None, **changed: Any
    ) -> Answer:
        """Create a product: a teapot with *changed* fields, or *body*."""
        wanted = TEAPOT | changed if body is None else body
        headers = {"idempotency-key": key} if key else {}
        event = http_event("POST", "/api/v1/products", body=wanted, caller=caller, headers=headers)
        return self.send("create_product", event)

    def update(
        self, product: str, body: Any, *, caller: Any = SHOPKEEPER, if_match: str | None = None
    ) -> Answer:
        """Change a product."""
        headers = {} if if_match is None else {"if-match": if_match}
        path = f"/api/v1/products/{product}"
        event = http_event("PATCH", path, body=body, caller=caller, headers=headers)
        return self.send("update_product", event)

    def get(self, product: str, *, caller: Any = ANONYMOUS, **headers: str) -> Answer:
        """Get a product."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        event = http_event("GET", f"/api/v1/products/{product}", caller=caller, headers=named)
        return self.send("get_product", event)

    def v2(
        self,
        method: str,
        path: str = "",
        body: Any = None,
        *,
        caller: Any = SHOPKEEPER,
        **query: str,
    ) -> Answer:
        """Call version 2 of a product endpoint; *path* is an id with its slash, or nothing."""
        verb = {"POST": "create_product", "PATCH": "update_product"}.get(
            method, "get_product" if path else "list_products"
        )
        whole = f"/api/v2/products{path}"
        event = http_event(method, whole, body=body, caller=caller, query=query)
        return self.send(f"{verb}_v2", event)

    def list(self, *, caller: Any = ANONYMOUS, **query: str) -> Answer:
        """List products."""
        event = http_event("GET", "/api/v1/products", caller=caller, query=query)
        return self.send("list_products", event)


@pytest.fixture
def service(table: Table, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service with an empty table and a secret for its cursors."""
    secret = boto3.client("secretsmanager").create_secret(Name="catalog", SecretString="s" * 64)
    monkeypatch.setenv("SERVICE_SECRET_ARN", secret["ARN"])
    monkeypatch.setenv("SERVICE", "catalog")
    environment.forget_cached()
    return Service(table)
