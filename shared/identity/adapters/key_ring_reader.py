"""The published keys read from DynamoDB."""

from typing import TYPE_CHECKING

from shared.identity.adapters.key_ring import KEY, ring_from
from shared.identity.domain.key_ring import KeyRing
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.reading import get_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoKeyRingReader:
    """Reads the published keys."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def load(self) -> KeyRing:
        """Return them as of now; see `shared.identity.ports.KeyRingReader`."""
        with repository_call("load", "KeyRing"):
            item = get_item(self._client, self._table, KEY)
        return KeyRing() if item is None else ring_from(item)
