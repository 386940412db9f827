"""`python -m tools.operate.undelivered TABLE`: the mails that nobody got, oldest first.

Those that will never be sent again by themselves: the provider refused the address, nobody knows
whether it took a mail that must not come twice, or what it tells of was over first. TABLE is
the notifications' (`TableName` of their stack); with ``--local`` that of the running local stack.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from rich.console import Console
from rich.table import Table

from shared.notifications.adapters.delivery import UNDELIVERED
from shared.platform.dynamodb.codec import Item, from_item
from tools.entry.arguments import Parser
from tools.entry.guard import guarded

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LIMIT = 100
HOW = {
    "failed": "refused for good: there is no such address",
    "withdrawn": "held up until what it tells of was over",
    "unknown": "perhaps sent: the provider's answer was lost, and it must not come twice",
}


def undelivered(client: "DynamoDBClient", table: str) -> Iterator[Item]:
    """Yield what came to nothing, oldest first."""
    pages = client.get_paginator("query").paginate(
        TableName=table,
        IndexName="GSI1",
        KeyConditionExpression="GSI1PK = :listed",
        ExpressionAttributeValues={":listed": {"S": UNDELIVERED}},
    )
    for page in pages:
        for item in page["Items"]:
            yield from_item(item)


def show(items: Iterable[Item], console: Console, *, limit: int = LIMIT) -> None:
    """Print the first *limit* of *items*, and how many more there are."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("created", "kind", "user", "notification", "what became of it"):
        table.add_column(heading, overflow="fold")
    count = 0
    for count, item in enumerate(items, start=1):
        if count <= limit:
            ended = HOW[item["status"]]
            channel = "" if item["channel"] == "email" else f" ({item['channel']})"
            table.add_row(
                item["created_at"], item["kind"], item["user_id"], item["id"], ended + channel
            )
    if not count:
        console.print("Every mail was taken, or is still tried.")
        return
    console.print(table)
    if count > limit:
        console.print(f"… and {count - limit} more: --limit {count} shows them.")


@guarded
def main(arguments: list[str] | None = None) -> int:
    """Show the list; return the exit status."""
    parser = Parser(prog="python -m tools.operate.undelivered")
    parser.add_argument("table", nargs="?", help="the notifications' table: the stack's TableName")
    parser.add_argument("--local", action="store_true", help="the running local stack's table")
    parser.add_argument("--work-dir", type=Path, help="of the local stack")
    parser.add_argument("--limit", type=int, default=LIMIT, help=f"lines at most; {LIMIT}")
    asked = parser.parse_args(arguments)
    with ExitStack() as closing:
        if asked.local:
            client, table = _local(asked.work_dir)
        elif asked.table:
            client, table = boto3.client("dynamodb"), asked.table
        else:
            parser.error("name the notifications' table, or say --local")
        closing.callback(client.close)
        show(undelivered(client, table), Console(), limit=asked.limit)
    return 0


def _local(work_dir: Path | None) -> tuple["DynamoDBClient", str]:
    from tools.local.options import Options  # noqa: PLC0415  # only where it is used
    from tools.local.stack import attach  # noqa: PLC0415  # as above

    stack = attach(Options(work_dir=work_dir) if work_dir else Options())
    return stack.client("dynamodb"), stack.description.services["notifications"].resources["Table"]


if __name__ == "__main__":
    sys.exit(main())
