"""The oldest order in progress: one entry of the index that holds no others."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from shared.kernel.clock import from_iso
from shared.orders.adapters.order import OPEN
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.codec import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoOldestOrderReader:
    """Reads GSI2, which has an order from its placing to its end."""

    client: "DynamoDBClient"
    table: str

    def oldest(self) -> datetime | None:
        """Return when the oldest open order was placed; ``None`` if there is none."""
        with repository_call("oldest open", "Order"):
            answer = self.client.query(
                TableName=self.table,
                IndexName="GSI2",
                KeyConditionExpression="GSI2PK = :open",
                ExpressionAttributeValues=to_item({":open": OPEN}),
                Limit=1,
            )
        found = answer["Items"]
        return from_iso(from_item(found[0])["GSI2SK"].partition("#")[0]) if found else None
