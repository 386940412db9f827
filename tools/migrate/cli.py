"""Brings the stored data of a context up to date: in order, resumable, with a rehearsal.

By default on the local stack that is running; with ``--table`` on any table that the AWS
credentials of the environment reach. Ctrl-C at any point: running it again goes on from there.
"""

import argparse
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from rich.console import Console
from rich.markup import escape

from shared.platform.errors import SystemFault
from shared.platform.migrations.migration import UnsoundMigration
from shared.platform.migrations.runner import DEFAULT_SEGMENTS, Runner
from tools.local.errors import LocalStackError
from tools.local.stack import attach
from tools.migrate.contexts import MIGRATIONS
from tools.migrate.screen import Bars, table_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def main(arguments: Sequence[str] | None = None) -> int:
    """Migrate; 0 when the table is up to date (or the rehearsal is over), 2 when it cannot be."""
    options = _options(arguments)
    console, table = Console(), options.table or f"the local stack's table of {options.context}"
    try:
        client, table = _target(options)
        with Bars(console, client, table) as bars:
            runner = Runner(
                client=client,
                table=table,
                segments=options.segments,
                items_per_second=options.items_per_second or float("inf"),
                report=bars.report,
            )
            summaries = runner.run(MIGRATIONS[options.context], dry_run=options.dry_run)
    except (LocalStackError, SystemFault, UnsoundMigration) as error:
        console.print(f"[red]{escape(f'{table}: {error}')}[/]", soft_wrap=True)
        return 2
    except KeyboardInterrupt:
        console.print("Stopped. What was done is recorded; run it again to go on.")
        return 130
    console.print(table_of(summaries, dry_run=options.dry_run))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.migrate", description=__doc__)
    parser.add_argument("context", choices=sorted(MIGRATIONS))
    parser.add_argument("--table", help="the table's name, if not the running local stack's")
    parser.add_argument("--dry-run", action="store_true", help="write nothing, show what would be")
    positive = partial(_number, above=0)
    parser.add_argument("--segments", type=positive, default=DEFAULT_SEGMENTS)
    parser.add_argument("--items-per-second", type=positive, help="bound for each segment")
    return parser.parse_args(arguments)


def _number(text: str, *, above: int) -> int:
    number = int(text)
    if number <= above:
        msg = f"give a number above {above}"
        raise argparse.ArgumentTypeError(msg)
    return number


def _target(options: argparse.Namespace) -> tuple["DynamoDBClient", str]:
    if options.table:
        config = Config(max_pool_connections=options.segments, retries={"mode": "adaptive"})
        return boto3.client("dynamodb", config=config), options.table
    stack = attach()
    return stack.client("dynamodb"), stack.table(options.context)
