"""A user's sessions, as they are shown."""

from typing import TYPE_CHECKING

from shared.identity.adapters.rights_reader import DynamoRightsReader
from shared.identity.adapters.sessions import session_key
from shared.identity.ports import SessionSummary
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.reading import batch_get

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoSessionReader:
    """Reads the rights, and then what is known beside of each session: two reads."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._rights = DynamoRightsReader(client, table)

    def of_user(self, user_id: str, *, now: "datetime") -> list[SessionSummary]:
        """Return the sessions that go on; see `shared.identity.ports.SessionReader`."""
        rights = self._rights.find(user_id)
        if rights is None:
            return []
        live = {
            each: found
            for each in rights.sessions
            if (found := rights.session(each, now=now)) is not None
        }
        with repository_call("of_user", "Session"):
            items = batch_get(self._client, self._table, [session_key(each) for each in live])
        clients = {item["PK"]: item.get("client", "") for item in items}
        return [
            SessionSummary(id=each, client=clients.get(partition("Session", each), ""), live=found)
            for each, found in sorted(
                live.items(), key=lambda pair: (pair[1].proven_at, pair[0]), reverse=True
            )
        ]
