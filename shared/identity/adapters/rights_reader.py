"""Rights read from DynamoDB."""

from typing import TYPE_CHECKING

from shared.identity.adapters.rights import rights_from, rights_key
from shared.identity.domain.rights import Rights
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.reading import get_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoRightsReader:
    """Reads what users may do."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def find(self, user_id: str) -> Rights | None:
        """Return the rights of a user; see `shared.identity.ports.RightsReader`."""
        with repository_call("find", "Rights"):
            item = get_item(self._client, self._table, rights_key(user_id))
        return None if item is None else rights_from(user_id, item)
