"""Counters in the context's own table, shared by all its functions: one ``UpdateItem`` each."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from shared.platform.aws.clients import dynamodb
from shared.platform.dynamodb.codec import to_item
from shared.platform.dynamodb.reading import translated
from shared.platform.rate_limits.limiter import RateLimiter
from shared.platform.runtime.deadline import at_most
from shared.platform.runtime.services import Services, provides
from shared.platform.runtime.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PATIENCE_SECONDS = 2.0
"""How long a request waits to be counted; then the counters are taken to be out of reach."""

LINGER_SECONDS = 60
"""How long a counter outlives its window: for functions whose clocks are behind."""


class DynamoCounters:
    """One item a counter: ``PK=RATE#<key>, SK=RATE``, removed by the table's TTL."""

    def __init__(
        self, client: "DynamoDBClient", table: str, *, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._client = client
        self._table = table
        self._patience = patience

    def add(self, key: str, count: int, *, below: int, expires_at: int) -> int | None:
        """Add *count* to counter *key* if it is *below* that; see `Counters`."""
        with at_most(self._patience, "counting a request"), translated():
            try:
                answer = self._client.update_item(
                    TableName=self._table,
                    Key=to_item({"PK": f"RATE#{key}", "SK": "RATE"}),
                    UpdateExpression="ADD taken :count SET expires_at = :end",
                    ConditionExpression="attribute_not_exists(taken) OR taken < :below",
                    ExpressionAttributeValues={
                        ":count": {"N": str(count)},
                        ":below": {"N": str(below)},
                        ":end": {"N": str(expires_at + LINGER_SECONDS)},
                    },
                    ReturnValues="UPDATED_NEW",
                    ReturnConsumedCapacity="TOTAL",
                )
            except ClientError as error:
                if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                    return None
                raise
        return int(answer["Attributes"]["taken"]["N"])


@provides
def rate_limiter(_: Services) -> RateLimiter:
    counters = DynamoCounters(dynamodb(), settings().table_name)
    return RateLimiter(counters, factor=settings().rate_limit_factor)
