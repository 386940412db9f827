"""The table every context has, on whichever engine, and a plain view of what is in it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from shared.platform.dynamodb.codec import Item, from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Table:
    """A table of a test: its name, a client that reaches it, and its items as plain values."""

    name: str
    client: "DynamoDBClient"

    def items(self, prefix: str = "") -> list[Item]:
        """Return every item whose partition key starts with *prefix*, in key order.

        Rate limits count every request, refused ones too; only ``items("RATE#")`` shows that.
        """
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.name, ConsistentRead=True
        )
        items = [from_item(item) for page in pages for item in page["Items"]]
        counters = prefix.startswith("RATE#")
        found = [
            item
            for item in items
            if item["PK"].startswith(prefix) and item["PK"].startswith("RATE#") is counters
        ]
        return sorted(found, key=lambda item: (item["PK"], item["SK"]))

    def states(self, prefix: str = "") -> list[Item]:
        """Return the state items."""
        return [item for item in self.items(prefix) if item["SK"] == "STATE"]

    def events(self, prefix: str = "") -> list[Item]:
        """Return the event items, by aggregate and version."""
        return [item for item in self.items(prefix) if item["SK"].startswith("EVENT#")]

    def get(self, pk: str, sk: str) -> Item | None:
        """Return one item, read consistently."""
        key = to_item({"PK": pk, "SK": sk})
        found = self.client.get_item(TableName=self.name, Key=key, ConsistentRead=True).get("Item")
        return None if found is None else from_item(found)

    def put(self, item: Item) -> None:
        """Store an item as it is: how a test sets a scene the code under test cannot."""
        self.client.put_item(TableName=self.name, Item=to_item(item))

    def delete(self) -> None:
        """Drop the table."""
        self.client.delete_table(TableName=self.name)


def create_table(client: "DynamoDBClient", name: str | None = None) -> Table:
    """Create a table as the templates declare it, but without a stream: PK, SK, indexes, TTL.

    GSI2, which only the orders have, and GSI3 are sparse: they cost the others nothing. Nobody
    reads a stream from such a table, and moto copies all that a stream remembers for every item of
    a transaction: more than half of what a test of orders took.
    """
    name = name or f"tradewind-{uuid4().hex[:12]}"
    keys = ("PK", "SK"), ("GSI1PK", "GSI1SK"), ("GSI2PK", "GSI2SK"), ("GSI3PK", "GSI3SK")
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"}
            for pair in keys
            for attribute in pair
        ],
        KeySchema=_schema(*keys[0]),
        GlobalSecondaryIndexes=[
            {
                "IndexName": "GSI1",
                "KeySchema": _schema(*keys[1]),
                "Projection": {"ProjectionType": "ALL"},
            },
            {
                "IndexName": "GSI2",
                "KeySchema": _schema(*keys[2]),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            },
            {
                "IndexName": "GSI3",
                "KeySchema": _schema(*keys[3]),
                "Projection": {"ProjectionType": "ALL"},
            },
        ],
    )
    client.update_time_to_live(
        TableName=name,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"},
    )
    return Table(name, client)


def _schema(partition: str, sort: str) -> Any:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
