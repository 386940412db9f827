"""Checks of the bus and of the tables: one cheap call each, one attempt, a short wait."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.gateway.queries.check_readiness import Check
from shared.platform.aws import impatient_client
from shared.platform.errors import ConfigurationError

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


def checks(known: GatewaySettings) -> Mapping[str, Check]:
    """Return a check for everything configured, by name."""
    return dict(_checks(known))


def _checks(known: GatewaySettings) -> Iterator[tuple[str, Check]]:
    if known.event_bus_name:
        events: EventBridgeClient = impatient_client("events", seconds=TIMEOUT_SECONDS)
        yield "event-bus", lambda: _bus_answers(events, known.event_bus_name)
    tables = _tables(known.table_names)
    if tables:
        dynamodb: DynamoDBClient = impatient_client("dynamodb", seconds=TIMEOUT_SECONDS)
        for service, table in tables.items():
            yield f"{service}-table", _table_check(dynamodb, table)


def _bus_answers(events: "EventBridgeClient", bus: str) -> None:
    events.describe_event_bus(Name=bus)


def _table_check(dynamodb: "DynamoDBClient", table: str) -> Check:
    def answers() -> None:
        # An item that never exists: half a read unit, where DescribeTable asks the control plane,
        # which is throttled for the whole account and up when the table is not.
        key = {"PK": {"S": "READINESS"}, "SK": {"S": "READINESS"}}
        dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)

    return answers


def _tables(text: str) -> dict[str, str]:
    tables: dict[str, str] = {}
    for entry in filter(None, text.split(",")):
        service, separator, table = entry.partition("=")
        if not service or not separator:
            raise ConfigurationError.bad_setting("TABLE_NAMES", "service=table,service=table")
        if table:
            tables[service] = table
    return tables
