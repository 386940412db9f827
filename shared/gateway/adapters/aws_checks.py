"""What the system stands on, each with one cheap question: one attempt, a short wait."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.platform.aws.clients import impatient_client
from shared.platform.runtime.errors import ConfigurationError
from shared.platform.runtime.settings import load

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient

TIMEOUT_SECONDS = 1.0
"""To connect, and again to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """What readiness checks.

    ``table_names`` is ``service=table,service=table``; a service without a table is not checked.
    """

    event_bus_name: str = ""
    table_names: str = ""


@dataclass(frozen=True, slots=True)
class EventBus:
    """The bus named *name*."""

    client: "EventBridgeClient"
    name: str

    def answers(self) -> None:
        """Raise unless the bus is there."""
        self.client.describe_event_bus(Name=self.name)


@dataclass(frozen=True, slots=True)
class Table:
    """The table named *name*."""

    client: "DynamoDBClient"
    name: str

    def answers(self) -> None:
        """Raise unless the table can be read.

        It asks for an item that never exists, consistently, as requests do: one read unit, where
        ``DescribeTable`` asks the control plane, which is throttled for the whole account and up
        when the table is not.
        """
        key = {"PK": {"S": "READINESS"}, "SK": {"S": "READINESS"}}
        self.client.get_item(TableName=self.name, Key=key, ConsistentRead=True)


def event_bus() -> EventBus | None:
    """Return the bus, if one is configured."""
    name = _settings().event_bus_name
    return EventBus(impatient_client("events", seconds=TIMEOUT_SECONDS), name) if name else None


def tables(client: "DynamoDBClient") -> dict[str, Table]:
    """Return the tables that are configured, by service."""
    names = table_names(_settings().table_names)
    return {service: Table(client, name) for service, name in names.items()}


def impatient_dynamodb() -> "DynamoDBClient":
    """Return a client that waits for nobody; threads may share it."""
    found: DynamoDBClient = impatient_client("dynamodb", seconds=TIMEOUT_SECONDS)
    return found


def table_names(text: str) -> dict[str, str]:
    """Return the tables of ``TABLE_NAMES`` by service; `ConfigurationError` for another form."""
    tables: dict[str, str] = {}
    for entry in filter(None, text.split(",")):
        service, separator, table = entry.partition("=")
        if not service or not separator:
            raise ConfigurationError.bad_setting("TABLE_NAMES", "service=table,service=table")
        if table:
            tables[service] = table
    return tables


def _settings() -> GatewaySettings:
    return load(GatewaySettings, os.environ)
