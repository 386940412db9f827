"""The operations tasks: a bus with one consumer, its queues and a table of events."""

import importlib
import json
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from shared.kernel.ids import new_id
from tests.conftest import TableFactory
from tools.lab.support import environment
from tools.lab.support.lambda_context import LambdaContext
from tools.lab.support.tables import Table

SOURCES = ("identity", "catalog", "inventory", "orders", "payments")
"""The services whose events are kept, in the order of the template's `TABLE_NAMES`."""
CONSUMER = "notifications.notify_on_event"
ORDER = "0190a000-0000-7000-8000-0000000000c1"
PATTERN = {
    "source": ["tradewind.identity", "tradewind.orders"],
    "detail-type": ["user.registered", "order.cancelled", "order.completed"],
    "detail": {"data": {"customer_id": [{"anything-but": "nobody"}]}},
}


@dataclass
class Desk:
    """What the person on call works with."""

    tables: dict[str, Table]
    sqs: Any
    queue: str
    dead: str
    relay: str

    def ask(self, task: str, remaining_ms: int = 60_000, **asked: Any) -> Any:
        """Invoke a task; return its answer, as JSON carries it."""
        module = importlib.import_module(f"functions.operations.{task}.handler")
        answer = module.handler(asked, LambdaContext(remaining_ms=remaining_ms))
        return json.loads(json.dumps(answer))

    def put_dead_letter(self, body: str, queue: str = "", **attributes: str) -> None:
        """Put a message among the dead letters, the consumer's or those of a *queue*."""
        self.sqs.send_message(
            QueueUrl=queue or self.dead,
            MessageBody=body,
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value}
                for name, value in attributes.items()
            },
        )

    def queued(self, url: str | None = None) -> list[tuple[str, dict[str, str]]]:
        """Take everything from a queue (the consumer's by default)."""
        found = []
        while True:
            answer = self.sqs.receive_message(
                QueueUrl=url or self.queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
            )
            for message in answer.get("Messages", []):
                attributes = message.get("MessageAttributes", {})
                texts = {name: value["StringValue"] for name, value in attributes.items()}
                found.append((message["Body"], texts))
            if not answer.get("Messages"):
                return found

    def event(
        self,
        kind: str,
        *,
        id: str = ORDER,
        version: int = 1,
        table: str = "orders",
        **known: Any,
    ) -> str:
        """Store an event of an order as its commit did; return its id."""
        event_id = new_id()
        item = {
            "PK": f"Order#{id}",
            "SK": f"EVENT#{version:012d}",
            "event_id": event_id,
            "type": kind,
            "schema_version": 1,
            "aggregate_type": "Order",
            "aggregate_id": id,
            "version": version,
            "occurred_at": "2026-01-01T12:00:00.000Z",
            "correlation_id": "story-1",
            "data": {"order_id": id, "customer_id": "customer-1", "previous_status": "paid"},
        }
        self.tables[table].put(item | known)
        return event_id

    def subscribe_to(self, *services: str) -> None:
        """Have the consumer's rule match every event of *services*, instead of what it did."""
        pattern = {"source": [f"tradewind.{service}" for service in services]}
        events = boto3.client("events")
        events.put_rule(Name="rule", EventBusName="bus", EventPattern=json.dumps(pattern))


@pytest.fixture
def desk(make_table: TableFactory, monkeypatch: pytest.MonkeyPatch) -> Desk:
    tables = {name: make_table() for name in SOURCES}
    sqs, events = boto3.client("sqs"), boto3.client("events")
    urls = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("work", "dead", "relay")]
    arns = [
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
            "QueueArn"
        ]
        for url in urls
    ]
    events.create_event_bus(Name="bus")
    events.put_rule(Name="rule", EventBusName="bus", EventPattern=json.dumps(PATTERN))
    events.put_targets(
        Rule="rule",
        EventBusName="bus",
        Targets=[{"Id": CONSUMER, "Arn": arns[0], "DeadLetterConfig": {"Arn": arns[1]}}],
    )
    named = ",".join(f"{name}={table.name}" for name, table in tables.items())
    monkeypatch.setenv("TABLE_NAMES", named)
    monkeypatch.setenv("EVENT_BUS_NAME", "bus")
    monkeypatch.setenv("RELAY_DEAD_LETTERS", f"orders={urls[2]},payments=")
    monkeypatch.setenv("REBUILDABLE", "customers.project_customer_summary")
    monkeypatch.setenv("SERVICE", "operations")
    environment.forget_cached()
    return Desk(tables, sqs, *urls)
