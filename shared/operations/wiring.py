"""How the operations tasks are put together."""

# ruff: noqa: PLC0415  # a function loads only the modules that it needs
import os
from typing import TYPE_CHECKING

from shared.platform.aws.clients import client, dynamodb
from shared.platform.flags.names import Flag
from shared.platform.runtime.services import Services, provides
from shared.platform.runtime.settings import load, settings
from shared.platform.telemetry.logging import get_logger

if TYPE_CHECKING:
    from shared.operations.adapters.subscriptions import BusSubscriptions
    from shared.operations.ports import QueueMessage
    from shared.operations.queries.list_flags import ListFlagsHandler
    from shared.operations.use_cases.publish_flags import PublishFlagsHandler
    from shared.operations.use_cases.redrive_dead_letters import RedriveDeadLettersHandler
    from shared.operations.use_cases.replay_events import ReplayEventsHandler
    from shared.operations.use_cases.run_migrations import RunMigrationsHandler
    from shared.operations.use_cases.set_flag import SetFlagHandler


def _note_discarded(message: "QueueMessage", why: str) -> None:
    """Write who the letter was from, what it was about and what was said of it before."""
    get_logger(settings().service).warning(
        "dead letter discarded",
        reason=why,
        given_up_for=message.reason,
        letter=message.about,
        attributes={**message.attributes},
    )


@provides
def bus_subscriptions(_: Services) -> "BusSubscriptions":
    from shared.operations.adapters.histories import OperationsSettings
    from shared.operations.adapters.subscriptions import BusSubscriptions

    known = load(OperationsSettings, os.environ)
    return BusSubscriptions(client("events"), known.event_bus_name)


@provides
def replay_events(services: Services) -> "ReplayEventsHandler":
    from shared.operations.adapters.histories import (
        OperationsSettings,
        TableHistories,
        as_delivered,
    )
    from shared.operations.adapters.queues import SqsQueues
    from shared.operations.use_cases.replay_events import ReplayEventsHandler
    from shared.platform.runtime.deadline import remaining_seconds

    known = load(OperationsSettings, os.environ)
    return ReplayEventsHandler(
        subscriptions=services.get(bus_subscriptions),
        histories=TableHistories(dynamodb(), known.table_names),
        queues=SqsQueues(client("sqs")),
        wrap=as_delivered,
        time_left=remaining_seconds,
        rebuildable=[each for each in known.rebuildable.split(",") if each],
    )


@provides
def redrive_dead_letters(services: Services) -> "RedriveDeadLettersHandler":
    from shared.kernel.clock import SystemClock
    from shared.operations.adapters.histories import OperationsSettings, relays
    from shared.operations.adapters.queues import SqsQueues
    from shared.operations.use_cases.redrive_dead_letters import RedriveDeadLettersHandler
    from shared.platform.runtime.deadline import remaining_seconds

    known = load(OperationsSettings, os.environ)
    return RedriveDeadLettersHandler(
        subscriptions=services.get(bus_subscriptions),
        relays=relays(known.relay_dead_letters),
        queues=SqsQueues(client("sqs")),
        time_left=remaining_seconds,
        clock=SystemClock(),
        note_discarded=_note_discarded,
    )


@provides
def run_migrations(_: Services) -> "RunMigrationsHandler":
    from shared.kernel.clock import SystemClock
    from shared.operations.adapters.histories import OperationsSettings, tables_by_service
    from shared.operations.adapters.known_migrations import MIGRATIONS
    from shared.operations.adapters.migrating_tables import MigratingTables
    from shared.operations.tasks import MAX_THREADS
    from shared.operations.use_cases.run_migrations import RunMigrationsHandler
    from shared.platform.aws.clients import busy_client
    from shared.platform.runtime.deadline import remaining_seconds

    known = load(OperationsSettings, os.environ)
    return RunMigrationsHandler(
        tables=MigratingTables(
            busy_client("dynamodb", connections=MAX_THREADS),
            tables_by_service(known.table_names),
            MIGRATIONS,
            SystemClock(),
        ),
        time_left=remaining_seconds,
    )


@provides
def set_flag(_: Services) -> "SetFlagHandler":
    from shared.kernel.clock import SystemClock
    from shared.operations.adapters.unit_of_work import DynamoFlagsUnitOfWork
    from shared.operations.use_cases.set_flag import SetFlagHandler

    uow = DynamoFlagsUnitOfWork(dynamodb(), settings().table_name)
    return SetFlagHandler(uow=uow, clock=SystemClock())


@provides
def list_flags(_: Services) -> "ListFlagsHandler":
    from shared.operations.adapters.unit_of_work import DynamoFlagsUnitOfWork
    from shared.operations.queries.list_flags import ListFlagsHandler

    uow = DynamoFlagsUnitOfWork(dynamodb(), settings().table_name)
    return ListFlagsHandler(flags=uow.flags, names=tuple(map(str, Flag)))


@provides
def publish_flags(_: Services) -> "PublishFlagsHandler":
    from shared.operations.adapters.appconfig import AppConfigPublisher, PublishingSettings
    from shared.operations.adapters.unit_of_work import DynamoFlagsUnitOfWork
    from shared.operations.use_cases.publish_flags import PublishFlagsHandler

    known = load(PublishingSettings, os.environ)
    return PublishFlagsHandler(
        uow=DynamoFlagsUnitOfWork(dynamodb(), settings().table_name),
        publisher=AppConfigPublisher(client("appconfig"), known),
        names=tuple(map(str, Flag)),
    )
