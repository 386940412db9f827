"""Brings the stored data of a context up to date: in order, resumable, with a rehearsal.

The deployed task does it (operations' run_migrations), on the local stack that is running or,
with ``--function``, on AWS; with ``--table`` it is done here, on any table that the AWS
credentials of the environment reach. Without a context it shows how the migrations of all stand.
Ctrl-C at any point: running it again goes on from there.
"""

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from rich.console import Console, RenderableType

from shared.operations.adapters.known_migrations import MIGRATIONS
from shared.platform.migrations.rehearsal import Rehearsal
from shared.platform.migrations.runner import DEFAULT_SEGMENTS, Runner
from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.entry.names import known
from tools.local.options import Options
from tools.local.stack import attach
from tools.operate.migrate.screen import Bars, about_items, row_of, table_of
from tools.operate.migrate.task import show
from tools.operate.redelivery.invoking import Invoke, invoker


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Migrate; 0 when the table is up to date (or the rehearsal is over), 2 when it cannot be."""
    options = _options(arguments)
    console = Console()
    try:
        if options.table:
            console.print(_here(options, console))
        else:
            show(_invoke(options), _asked(options), console)
    except KeyboardInterrupt:
        said = "Stopped. What was done is recorded; run it again to go on."
        raise KeyboardInterrupt(said) from None
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser(prog="python -m tools.operate.migrate", description=__doc__)
    parser.add_argument("context", nargs="?", help=", ".join(sorted(MIGRATIONS)))
    parser.add_argument("--work-dir", type=Path, default=Options().work_dir, help="of the stack")
    parser.add_argument("--function", help="the function's name or ARN on AWS")
    parser.add_argument("--table", help="a table's name: migrate it from here")
    parser.add_argument("--dry-run", action="store_true", help="write nothing, show what would be")
    positive = partial(_number, above=0)
    parser.add_argument("--segments", type=positive, default=DEFAULT_SEGMENTS)
    parser.add_argument("--items-per-second", type=positive, help="bound for each segment")
    options = parser.parse_args(arguments)
    if options.context:
        known(options.context, MIGRATIONS, "context")
    if options.table and not options.context:
        parser.error("say which context's table it is")
    return options


def _number(text: str, *, above: int) -> int:
    number = int(text)
    if number <= above:
        msg = f"give a number above {above}"
        raise argparse.ArgumentTypeError(msg)
    return number


def _here(options: argparse.Namespace, console: Console) -> RenderableType:
    """Migrate ``--table`` with this process's own credentials; return what became of it."""
    config = Config(max_pool_connections=options.segments, retries={"mode": "adaptive"})
    client = boto3.client("dynamodb", config=config)
    with Bars(console, about_items(client, options.table)) as bars:
        runner = Runner(
            client=client,
            table=options.table,
            segments=options.segments,
            items_per_second=options.items_per_second or float("inf"),
            report=bars.report,
        )
        summaries = runner.run(
            MIGRATIONS[options.context], rehearsal=Rehearsal() if options.dry_run else None
        )
    return table_of([row_of(each, dry_run=options.dry_run) for each in summaries])


def _invoke(options: argparse.Namespace) -> Invoke:
    if options.function:
        # A call takes as long as the task may; a second one beside it would do the same twice.
        config = Config(read_timeout=90, retries={"total_max_attempts": 1})
        return invoker(boto3.client("lambda", config=config), options.function)
    stack = attach(Options(work_dir=options.work_dir))
    return invoker(stack.client("lambda"), stack.function("operations", "run_migrations"))


def _asked(options: argparse.Namespace) -> dict[str, Any]:
    asked = {"context": options.context, "segments": options.segments, "dry_run": options.dry_run}
    return asked | {"items_per_second": options.items_per_second}
