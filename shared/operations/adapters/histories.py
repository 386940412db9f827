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
    relay_dead_letters: str = ""
    """The relays' queues: ``service=url,service=url``."""
    rebuildable: str = ""
    """The consumers that keep a read model, by name."""


def tables_by_service(table_names: str) -> dict[str, str]:
    """Return the tables of the setting ``TABLE_NAMES``; a service without one is left out."""
    return _by_service("TABLE_NAMES", table_names)


def relays(dead_letters: str) -> dict[str, str]:
    """Return the queues of the setting ``RELAY_DEAD_LETTERS`` by the relays' names."""
    found = _by_service("RELAY_DEAD_LETTERS", dead_letters)
    return {f"{service}.relay_events": queue for service, queue in found.items()}


def _by_service(setting: str, listed: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in filter(None, listed.split(",")):
        service, separator, value = entry.partition("=")
        if not service or not separator:
            raise ConfigurationError.bad_setting(setting, "service=value,service=value")
        if value:
            found[service] = value
    return found


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
