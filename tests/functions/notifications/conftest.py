"""The notifications functions in this process."""

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.ses.models import ses_backends

from tests.conftest import TableFactory
from tools.lab.support import environment
from tools.lab.support.bus_events import bus_event, detail, failed_ids, sqs_batch
from tools.lab.support.http_events import Caller, http_event
from tools.lab.support.lambda_context import LambdaContext
from tools.lab.support.tables import Table

SAMPLES = Path(__file__).parents[3] / "events" / "notifications"
SENDER = "no-reply@tradewind.example"
SALES = "sales@tradewind.example"
CUSTOMER = Caller()
ORDER = "0190a000-0000-7000-8000-0000000000d1"


def sample(use_case: str) -> Any:
    """Return the sample event of a function."""
    return json.loads((SAMPLES / f"{use_case}.json").read_text())


def registered(user: Caller = CUSTOMER, **known: Any) -> dict[str, Any]:
    """Return ``user.registered``."""
    data = {
        "user_id": user.user_id,
        "email": f"user-{user.user_id[-1]}@example.com",
        "name": "Ada Lovelace",
        "role": "customer",
    }
    return detail(
        "user.registered", data, aggregate_type="User", aggregate_id=user.user_id, **known
    )


def order_event(kind: str, **data: Any) -> dict[str, Any]:
    """Return ``order.<kind>`` of the customer's order."""
    fields = {"order_id": ORDER, "customer_id": CUSTOMER.user_id, **data}
    return detail(f"order.{kind}", fields, aggregate_type="Order", aggregate_id=ORDER)


@dataclass
class Service:
    """The notifications service: its functions, its table and what SES has sent."""

    table: Table

    def invoke(self, use_case: str, event: Mapping[str, Any]) -> Any:
        """Return what the function makes of *event*."""
        module = importlib.import_module(f"functions.notifications.{use_case}.handler")
        return module.handler(event, LambdaContext())

    def deliver(self, *messages: Mapping[str, Any] | str) -> list[str]:
        """Deliver events (or raw bodies); return the messages left on the queue."""
        bodies = [m if isinstance(m, str) else bus_event(m, source="x") for m in messages]
        return failed_ids(self.invoke("notify_on_event", sqs_batch(*bodies)))

    def read(self, *, caller: Any = CUSTOMER, **query: str) -> Any:
        """Send GET /api/v1/notifications."""
        event = http_event("GET", "/api/v1/notifications", caller=caller, query=query)
        return self.invoke("list_my_notifications", event)

    @property
    def mails(self) -> list[tuple[list[str], str, str]]:
        """Recipients, subject (without its reference) and body of every mail sent."""
        sent = ses_backends[environment.FIXED["MOTO_ACCOUNT_ID"]]["eu-west-1"].sent_messages
        return [
            (mail.destinations["ToAddresses"], mail.subject.partition(" [")[0], mail.body)
            for mail in sent
        ]

    @property
    def subjects(self) -> list[str]:
        """Every mail's subject as it is."""
        sent = ses_backends[environment.FIXED["MOTO_ACCOUNT_ID"]]["eu-west-1"].sent_messages
        return [mail.subject for mail in sent]


@pytest.fixture
def service(make_table: TableFactory, monkeypatch: pytest.MonkeyPatch) -> Service:
    table = make_table()
    boto3.client("ses").verify_email_identity(EmailAddress=SENDER)
    secrets = boto3.client("secretsmanager")
    secret = secrets.create_secret(Name="notifications", SecretString="s" * 64)
    monkeypatch.setenv("TABLE_NAME", table.name)
    monkeypatch.setenv("SENDER_EMAIL", SENDER)
    monkeypatch.setenv("SALES_EMAIL", SALES)
    monkeypatch.setenv("LARGE_ORDERS", "GBP 1000, JPY 160000, IDR 18000000")
    monkeypatch.setenv("SERVICE_SECRET_ARN", secret["ARN"])
    monkeypatch.setenv("SERVICE", "notifications")
    environment.forget_cached()
    return Service(table)
