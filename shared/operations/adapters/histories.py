"""The contexts' tables as histories, and stored events as the bus would have sent them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.kernel.clock import to_iso
from shared.kernel.events import EventEnvelope
from shared.operations.domain.errors import NoEventLog
from shared.platform.dynamodb.event_log import EventLog
from shared.platform.events.bus import detail_of
from shared.platform.runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsSettings:
    """The bus, and the tables that a task works on: ``service=table,service=table``."""

    event_bus_name: str
    table_names: str = ""


def tables_by_service(table_names: str) -> dict[str, str]:
    """Return the tables of the setting ``TABLE_NAMES``; a service without one is left out."""
    tables: dict[str, str] = {}
    for entry in filter(None, table_names.split(",")):
        service, separator, table = entry.partition("=")
        if not service or not separator:
            raise ConfigurationError.bad_setting("TABLE_NAMES", "service=table,service=table")
        if table:
            tables[service] = table
    return tables


class TableHistories:
    """One `EventLog` for each context that has a table."""

    def __init__(self, client: "DynamoDBClient", table_names: str) -> None:
        self._client = client
        self._tables = tables_by_service(table_names)

    def of(self, source: str, /) -> EventLog:
        if source not in self._tables:
            raise NoEventLog(source, self._tables)
        return EventLog(self._client, self._tables[source])


def as_delivered(event: EventEnvelope, source: str) -> Mapping[str, Any]:
    """Return a stored event as the bus's rule would have delivered it to a queue."""
    return {
        "version": "0",
        "id": event.id,
        "detail-type": event.type,
        "source": f"tradewind.{source}",
        "time": to_iso(event.occurred_at),
        "resources": [],
        "detail": detail_of(event),
    }
