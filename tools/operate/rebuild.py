"""`python -m tools.operate.rebuild ORDERS_TABLE CUSTOMERS_TABLE`: rebuild customers' summaries.

A new generation is built from every event of the orders, beside the one that is shown, while live
events go to both; then it takes over and the old one's items are removed. Nobody notices but the
bill. A run that was interrupted is abandoned with ``--abandon`` and started again. What was still
on its way to a generation that had just ended goes with the next rebuild.

With ``--local`` the tables are those of the running local stack.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import boto3

from shared.customers.adapters.summary import PARTITIONS, READ_MODEL, generation_of
from shared.customers.adapters.unit_of_work import DynamoCustomersUnitOfWork
from shared.customers.consumers import ORDER_EVENTS
from shared.customers.use_cases.project_order import ProjectOrderHandler
from shared.kernel.errors import StaleAggregate
from shared.kernel.ids import new_id
from shared.platform.dynamodb.event_log import EventLog
from shared.platform.dynamodb.generations import ReadModel
from shared.platform.dynamodb.writes import stale
from shared.platform.entry.commands import retrying
from tools.entry.arguments import Parser
from tools.entry.guard import ToolError, guarded
from tools.entry.start import run
from tools.entry.workers import Workers

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SEGMENTS = 4
_BATCH = 25  # DynamoDB's limit on the requests of one BatchWriteItem
_START, _END = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What a rebuild did; ``removed`` counts the items of all generations that had ended."""

    generation: str
    events: int
    removed: int


def rebuild(
    client: "DynamoDBClient",
    orders_table: str,
    customers_table: str,
    *,
    generation: str | None = None,
    progress: Progress = lambda _: None,
) -> Rebuilt:
    """Build a new generation from zero, show it, remove those before.

    Raises `StaleAggregate` where a rebuild is going on, or was interrupted, and where this one was
    abandoned by somebody else.
    """
    os.environ.setdefault("SERVICE", "customers")  # the platform's settings demand one
    wanted = generation or new_id()
    model = ReadModel(client, customers_table, READ_MODEL)
    model.begin(wanted)
    stopped = Event()

    def build(segment: int) -> int:
        uow = DynamoCustomersUnitOfWork(client, customers_table, only=wanted)
        project = ProjectOrderHandler(uow=uow)
        done = 0
        for page in _pages(EventLog(client, orders_table), segment):
            if ReadModel(client, customers_table, READ_MODEL).generations().building != wanted:
                raise stale()
            for event in page.events:
                if stopped.is_set():
                    return done
                if read := ORDER_EVENTS.get(event.type):
                    command = read(event)
                    retrying(lambda command=command: project(command))  # type: ignore[misc]
                    done += 1
            progress(done)
        return done

    with Workers(SEGMENTS) as pool:
        try:
            events = sum(pool.map(build, range(SEGMENTS)))
        finally:
            stopped.set()  # Ctrl-C does not wait for the other threads, and they must not go on
    model.finish(wanted)
    return Rebuilt(generation=wanted, events=events, removed=sweep(client, customers_table))


def abandon(client: "DynamoDBClient", customers_table: str) -> int:
    """Give up a rebuild that was interrupted; return how many items were removed."""
    ReadModel(client, customers_table, READ_MODEL).abandon()
    return sweep(client, customers_table)


def sweep(client: "DynamoDBClient", table: str) -> int:
    """Delete every item of a generation that has ended; return how many.

    The generations are read after each page: one that has an item in it had begun by then, and one
    that has ended never comes back.
    """
    model = ReadModel(client, table, READ_MODEL)
    paginator = client.get_paginator("scan")
    pages = paginator.paginate(
        TableName=table,
        FilterExpression="begins_with(PK, :prefix)",
        ExpressionAttributeValues={":prefix": {"S": PARTITIONS}},
        ProjectionExpression="PK, SK",
        ConsistentRead=True,
    )
    removed = 0
    for page in pages:
        written = model.generations().written
        requests: Any = [
            {"DeleteRequest": {"Key": key}}
            for key in page["Items"]
            if generation_of(key["PK"]["S"]) not in written
        ]
        removed += len(requests)
        while requests:
            answer = client.batch_write_item(RequestItems={table: requests[:_BATCH]})
            requests = [*requests[_BATCH:], *answer["UnprocessedItems"].get(table, [])]
    return removed


def _pages(log: EventLog, segment: int) -> Iterator[Any]:
    start = None
    while True:
        page = log.scan(since=_START, until=_END, segment=segment, segments=SEGMENTS, start=start)
        yield page
        start = page.next
        if start is None:
            return


@guarded
def main(arguments: list[str] | None = None) -> int:
    """Rebuild; return the exit status."""
    parser = Parser(prog="python -m tools.operate.rebuild")
    parser.add_argument("orders", nargs="?", help="the orders' table: the stack's TableName")
    parser.add_argument("customers", nargs="?", help="the customers' table")
    parser.add_argument("--local", action="store_true", help="the running local stack's tables")
    parser.add_argument("--work-dir", type=Path, help="of the local stack")
    parser.add_argument("--abandon", action="store_true", help="give up an interrupted rebuild")
    asked = parser.parse_args(arguments)
    with ExitStack() as closing:
        if asked.local:
            client, orders, customers = _local(asked.work_dir)
        elif asked.orders and asked.customers:
            client, orders, customers = boto3.client("dynamodb"), asked.orders, asked.customers
        else:
            parser.error("name the two tables, or say --local")
        closing.callback(client.close)
        if asked.abandon:
            print(f"abandoned; {abandon(client, customers)} items removed")
            return 0
        try:
            done = rebuild(client, orders, customers)
        except StaleAggregate:
            raise ToolError("A rebuild is going on; --abandon gives it up.") from None
    print(f"generation {done.generation}: {done.events} events, {done.removed} old items removed")
    return 0 if done.events else 1


def _local(work_dir: Path | None) -> tuple["DynamoDBClient", str, str]:
    from tools.local.options import Options  # noqa: PLC0415  # only where it is used
    from tools.local.stack import attach  # noqa: PLC0415  # as above

    stack = attach(Options(work_dir=work_dir) if work_dir else Options())
    services = stack.description.services
    tables = (services[name].resources["Table"] for name in ("orders", "customers"))
    orders, customers = tables
    return stack.client("dynamodb"), orders, customers


if __name__ == "__main__":
    sys.exit(run("tools.operate.rebuild"))  # guards the end of its threads, too
