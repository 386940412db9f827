"""A user's API keys, as they are shown."""

from typing import TYPE_CHECKING

from shared.identity.adapters.api_keys import api_key_key
from shared.identity.adapters.rights_reader import DynamoRightsReader
from shared.identity.domain.key_text import key_id
from shared.identity.ports import ApiKeySummary
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.reading import batch_get

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoApiKeySummaries:
    """Reads the rights, and then what is known beside of each key: two reads."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._rights = DynamoRightsReader(client, table)

    def of_user(self, user_id: str, *, now: "datetime") -> list[ApiKeySummary]:
        """Return the keys that are good; see `shared.identity.ports.ApiKeySummaries`."""
        rights = self._rights.find(user_id)
        if rights is None:
            return []
        live = {
            key_id(user_id, number): found
            for number, found in sorted(rights.keys.items(), reverse=True)
            if found.goes_on(now)
        }
        with repository_call("of_user", "ApiKey"):
            items = batch_get(self._client, self._table, [api_key_key(each) for each in live])
        states = {item["PK"]: item for item in items}
        return [
            ApiKeySummary(
                id=each,
                name=states[api_key_key(each)["PK"]]["name"],
                created_at=states[api_key_key(each)["PK"]]["created_at"],
                live=found,
                last_used_at=states[api_key_key(each)["PK"]].get("last_used_at"),
            )
            for each, found in live.items()
        ]
