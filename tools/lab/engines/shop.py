"""A small table for tests of the engine, and short ways to call it."""

from pathlib import Path
from typing import Any

from tools.lab.simulation.engine.engine import Engine, Refused, TableSpec
from tools.lab.simulation.engine.freedom import NONE, Freedom
from tools.local.templates import load_template

ORDERS = TableSpec.from_template(
    load_template(Path("functions/orders/template.yaml"))["Resources"]["Table"], name="Orders"
)


class Shop:
    """An engine with the orders' table as its template declares it, and a clock to turn."""

    def __init__(self, freedom: Freedom = NONE) -> None:
        self.now = 1_000.0
        self.engine = Engine(now=lambda: self.now, freedom=freedom)
        self.engine.create_table(ORDERS)

    def call(self, operation: str, **request: Any) -> dict[str, Any]:
        return self.engine.call(operation, {"TableName": ORDERS.name, **request})

    def put(self, pk: str, sk: str = "STATE", **attributes: Any) -> dict[str, Any]:
        return self.call("PutItem", Item={**key(pk, sk), **attributes})

    def get(self, pk: str, sk: str = "STATE") -> Any:
        return self.call("GetItem", Key=key(pk, sk)).get("Item")

    def in_index(self, partition: str) -> list[str]:
        """Return the partition keys of what the index has under *partition*."""
        answer = self.call(
            "Query",
            IndexName="GSI1",
            KeyConditionExpression="GSI1PK = :p",
            ExpressionAttributeValues={":p": {"S": partition}},
        )
        return [item["PK"]["S"] for item in answer["Items"]]

    def transact(self, *members: dict[str, Any], **request: Any) -> dict[str, Any]:
        given = [
            {kind: {"TableName": ORDERS.name, **body}}
            for member in members
            for kind, body in member.items()
        ]
        return self.engine.call("TransactWriteItems", {"TransactItems": given, **request})

    def refusal(self, operation: str, **request: Any) -> Refused:
        """Return how the call is refused."""
        try:
            self.call(operation, **request)
        except Refused as refused:
            return refused
        raise AssertionError(f"{operation} was not refused")


def key(pk: str, sk: str = "STATE") -> dict[str, Any]:
    return {"PK": {"S": pk}, "SK": {"S": sk}}


def number(value: int) -> dict[str, Any]:
    return {"N": str(value)}
