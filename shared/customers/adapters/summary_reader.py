"""Reads summaries for showing them."""

from typing import TYPE_CHECKING

from shared.customers.adapters.summary import READ_MODEL, summary_key, summary_of
from shared.customers.domain.summary import CustomerSummary
from shared.platform.dynamodb.generations import ReadModel

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoSummaryReader:
    """Shows the summary of the generation that is active: one batch read."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._model = ReadModel(client, table, READ_MODEL)

    def find(self, customer_id: str) -> CustomerSummary | None:
        """Return the summary, or ``None``."""
        generations, items = self._model.read(lambda each: [summary_key(each, customer_id)])
        wanted = summary_key(generations.active, customer_id)["PK"]
        return next((summary_of(item) for item in items if item["PK"] == wanted), None)
