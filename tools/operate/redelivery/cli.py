"""What the person on call does: replay stored events, put dead letters back or discard them.

On the local stack that runs here, or, with ``--function``, on AWS with your own credentials.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import boto3
from rich.console import Console

from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.local.options import Options
from tools.local.stack import attach
from tools.operate.redelivery.invoking import Invoke, invoker
from tools.operate.redelivery.redriving import (
    discard,
    redrive,
    show_dead_letters,
    show_depths,
)
from tools.operate.redelivery.replaying import replay

BEGINNING, END = "1970-01-01T00:00:00Z", "9999-12-31T00:00:00Z"


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 if it was done, 1 if it reached nothing or left something behind."""
    parsed = _parser().parse_args(arguments)
    return _run(parsed, _invoke(parsed), Console())


def _run(parsed: argparse.Namespace, invoke: Invoke, console: Console) -> int:
    if parsed.command == "replay-events":
        sent = replay(invoke, _selection(parsed), console, segments=parsed.segments)
        if not sent:
            console.print(
                f"No stored event that {parsed.consumer} listens to is in that selection:"
                " nothing was sent."
            )
            return 1
        console.print(f"{sent} events sent to {parsed.consumer}; what it knows it will ignore.")
    elif parsed.consumer is None and parsed.discard is not None:
        console.print("Whose dead letters? make redrive OF=<consumer> DISCARD=<why>")
        return 1
    elif parsed.consumer is None:
        show_depths(invoke, console)
    elif parsed.look:
        show_dead_letters(invoke, parsed.consumer, console)
    elif parsed.discard is not None:
        discard(invoke, parsed.consumer, console, why=parsed.discard, limit=parsed.limit)
    else:
        left = redrive(invoke, parsed.consumer, console, limit=parsed.limit).refused
        return 1 if left else 0
    return 0


def _selection(parsed: argparse.Namespace) -> dict[str, Any]:
    asked: dict[str, Any] = {"consumer": parsed.consumer}
    if parsed.rebuild:
        asked["rebuild"] = parsed.rebuild
    if parsed.aggregate:
        return asked | {"aggregate": parsed.aggregate.replace("/", "#", 1)}
    return asked | {"since": parsed.since, "until": parsed.until}


def _invoke(parsed: argparse.Namespace) -> Invoke:
    if parsed.function:
        return invoker(boto3.client("lambda"), parsed.function)
    stack = attach(Options(work_dir=parsed.work_dir))
    name = {"replay-events": "replay_events", "redrive": "redrive_dead_letters"}[parsed.command]
    return invoker(stack.client("lambda"), stack.function("operations", name))


def _parser() -> Parser:
    parser = Parser(prog="python -m tools.operate.redelivery", description=__doc__)
    parser.add_argument("--work-dir", type=Path, default=Options().work_dir, help="of the stack")
    parser.add_argument("--function", help="the function's name or ARN on AWS")
    commands = parser.add_subparsers(dest="command", required=True)
    again = commands.add_parser("replay-events", help="give stored events to one consumer again")
    again.add_argument("consumer", help="such as notifications.notify_on_event")
    again.add_argument("--aggregate", help="only this one's events, such as Order/0190…")
    again.add_argument("--since", default=BEGINNING, help="events from this time on (RFC 3339)")
    again.add_argument("--until", default=END, help="events before this time")
    again.add_argument("--segments", type=int, default=4, help="parts read side by side")
    again.add_argument("--rebuild", help="name of a run: a read model takes each event once more")
    back = commands.add_parser("redrive", help="show dead letters, or put a consumer's back")
    back.add_argument("consumer", nargs="?", help="without one: how many each consumer has")
    back.add_argument("--look", action="store_true", help="only show some, with their reasons")
    back.add_argument("--discard", metavar="WHY", help="throw them away, and record why")
    back.add_argument("--limit", type=int, default=1_000)
    return parser
