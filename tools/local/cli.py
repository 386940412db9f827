"""The commands of the local stack."""

import argparse
import json
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from rich.console import Console

from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.entry.names import known
from tools.local.access import StackAccess
from tools.local.log_filter import LogFilter, since
from tools.local.log_tail import named, show_log
from tools.local.options import Options
from tools.local.reporter import TerminalReporter
from tools.local.stack import LocalStack, attach
from tools.local.welcome import seed_sample_data, welcome

LINES = 50
_LOOK_SECONDS = 0.5
"""How often `make run` looks whether its emulator is alive."""
MAX_PORT = 65_535
_ORIGIN = re.compile(r"https?://[^\s/*,]+")
CACHES = ("memory", "dynamodb", "none", "redis://…")


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    console = Console()
    parsed = _parser().parse_args(arguments)
    if parsed.command in ("run", "up"):
        return _run(parsed, console)
    stack = attach(Options(work_dir=parsed.work_dir))
    if parsed.command == "logs":
        return _logs(stack, parsed)
    for mail in stack.mails():
        print(json.dumps(mail))
    return 0


def _parser() -> Parser:
    parser = Parser(prog="python -m tools.local", description=__doc__)
    parser.add_argument(
        "--work-dir", type=Path, default=Options().work_dir, help="where the stack keeps its files"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("run", "up"):
        run = commands.add_parser(name, help="start, deploy, seed, and serve until Ctrl-C")
        run.add_argument("--port", type=_port, default=os.environ.get("TRADEWIND_PORT", "4566"))
        front_port = os.environ.get("TRADEWIND_FRONT_PORT", "8080")
        run.add_argument("--front-port", type=_port, default=front_port)
        run.add_argument("--persist", action="store_true", help="keep the data for the next start")
        run.add_argument("--services", default="", help="only these, such as identity,catalog")
        run.add_argument(
            "--cache",
            default=Options().cache,
            help="where product details are kept: memory, dynamodb, none, or redis://…",
        )
        run.add_argument(
            "--cors", type=_origins, default="", help="origins of pages that may call"
        )
        run.add_argument("--no-seed", action="store_true", help="deploy only, no sample data")
    logs = commands.add_parser("logs", help="what the functions of the running stack wrote")
    logs.add_argument("function", nargs="?", help="a use case, such as place_order; default: all")
    logs.add_argument("--service", default="", help="one service's functions, such as orders")
    logs.add_argument("--correlation", default="", help="the story with this id")
    logs.add_argument("--order", default="", help="what names this order's id, or any other id")
    logs.add_argument("--level", default="DEBUG", help="at least this: INFO, WARNING, ERROR")
    logs.add_argument("--since", default="", help="15m, 2h, or a time: 2026-11-29T20:41:03Z")
    logs.add_argument("--lines", type=_count, help=f"how many of the last; {LINES}, 0 for all")
    logs.add_argument("--follow", action="store_true", help="go on until Ctrl-C")
    logs.add_argument("--raw", action="store_true", help="the JSON as it is, for a program")
    logs.add_argument("--all", action="store_true", help="raw, metrics and Lambda's own lines too")
    commands.add_parser("mails", help="the e-mails the running stack sent, as JSON lines")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_PORT:
        msg = f"{text} is no port: give a number from 0 (any free one) to {MAX_PORT}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _origins(text: str) -> str:
    for origin in text.split(","):
        if text and not _ORIGIN.fullmatch(origin):
            msg = f"{origin} is no origin: give scheme and host, such as http://localhost:3000"
            raise argparse.ArgumentTypeError(msg)
    return text


def _count(text: str) -> int:
    if not text.isdecimal():
        msg = f"{text} is no number of lines"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _cache(text: str) -> str:
    return text if "://" in text else known(text, CACHES, "cache")


def _run(parsed: argparse.Namespace, console: Console) -> int:
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if stopped.is_set() or not serving.is_set():
            raise KeyboardInterrupt
        stopped.set()

    serving = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    options = Options(
        port=parsed.port,
        front_port=parsed.front_port,
        persist=parsed.persist,
        cache=_cache(parsed.cache),
        cors=parsed.cors,
        work_dir=parsed.work_dir.resolve(),
        services=tuple(filter(None, parsed.services.split(","))),
    )
    started = time.perf_counter()
    reporter = TerminalReporter(console)
    with LocalStack(options, reporter) as stack:
        seeded = None if parsed.no_seed else seed_sample_data(stack, reporter)
        welcome(stack, seeded, console)
        console.print(f"[dim]Ready in {time.perf_counter() - started:.1f} s. Ctrl-C stops it.[/]")
        sys.stdout.flush()
        serving.set()
        while not stopped.wait(_LOOK_SECONDS):
            stack.check()
        console.print("Stopping…")
    return 0


def _logs(stack: StackAccess, parsed: argparse.Namespace) -> int:
    names = named(stack, service=parsed.service, function=parsed.function or "")
    wanted = LogFilter(
        correlation=parsed.correlation,
        order=parsed.order,
        level=parsed.level.upper(),
        everything=parsed.all,
    )
    moment = since(parsed.since, datetime.now(UTC)) if parsed.since else 0
    lines = parsed.lines if parsed.lines is not None else 0 if moment else LINES
    show_log(
        stack,
        names,
        wanted,
        lines=lines,
        since=moment,
        follow=parsed.follow,
        raw=parsed.raw or parsed.all,
    )
    return 0
