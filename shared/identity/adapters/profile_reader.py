"""Profiles read from DynamoDB."""

from typing import TYPE_CHECKING

from shared.identity.adapters.user import profile_from
from shared.identity.ports import Profile
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.reading import get_item
from shared.platform.dynamodb.writes import STATE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoProfileReader:
    """Reads the state of users."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def find(self, user_id: str) -> Profile | None:
        """Return the user; see `shared.identity.ports.ProfileReader`."""
        key = {"PK": partition("User", user_id), "SK": STATE}
        with repository_call("find", "User"):
            item = get_item(self._client, self._table, key)
        return None if item is None else profile_from(user_id, item)
