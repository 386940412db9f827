"""The commands of the local stack."""

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from rich.console import Console

from tools.local.access import StackAccess
from tools.local.errors import DeploymentFailed, LocalStackError
from tools.local.logs import LogLine
from tools.local.options import Options
from tools.local.reporter import TerminalReporter
from tools.local.stack import LocalStack, attach
from tools.local.welcome import seed_sample_data, welcome

FOLLOW_SECONDS = 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    console = Console()
    parsed = _parser().parse_args(arguments)
    try:
        if parsed.command in ("run", "up"):
            return _run(parsed, console)
        stack = attach(Options(work_dir=parsed.work_dir))
        if parsed.command == "logs":
            return _logs(stack, parsed.function, follow=parsed.follow, everything=parsed.all)
        for mail in stack.mails():
            print(json.dumps(mail))
    except DeploymentFailed as error:
        _complain(console, str(error), *error.reasons)
        return 1
    except LocalStackError as error:
        _complain(console, str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _complain(console: Console, *lines: str) -> None:
    console.print("\n  ".join(lines), style="red", markup=False, highlight=False, soft_wrap=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.local", description=__doc__)
    parser.add_argument(
        "--work-dir", type=Path, default=Options().work_dir, help="where the stack keeps its files"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("run", "up"):
        run = commands.add_parser(name, help="start, deploy, seed, and serve until Ctrl-C")
        run.add_argument("--port", type=int, default=_port("TRADEWIND_PORT", 4566))
        run.add_argument("--front-port", type=int, default=_port("TRADEWIND_FRONT_PORT", 8080))
        run.add_argument("--persist", action="store_true", help="keep the data for the next start")
        run.add_argument("--services", default="", help="only these, such as identity,catalog")
        run.add_argument(
            "--cache",
            default=Options().cache,
            help="where product details are kept: memory, dynamodb, none, or redis://…",
        )
        run.add_argument("--no-seed", action="store_true", help="deploy only, no sample data")
    logs = commands.add_parser("logs", help="what the functions of the running stack wrote")
    logs.add_argument("function", nargs="?", help="a use case, such as place_order; default: all")
    logs.add_argument("--follow", action="store_true")
    logs.add_argument("--all", action="store_true", help="metrics and Lambda's own lines too")
    commands.add_parser("mails", help="the e-mails the running stack sent, as JSON lines")
    return parser


def _port(variable: str, default: int) -> int:
    return int(os.environ.get(variable, default))


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
        cache=parsed.cache,
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
        stopped.wait()
        console.print("Stopping…")
    return 0


def _logs(stack: StackAccess, function: str | None, *, follow: bool, everything: bool) -> int:
    services = stack.description.services
    names = {
        physical: f"{service}/{use_case}"
        for service, deployed in services.items()
        for use_case, physical in deployed.functions.items()
        if function in (None, use_case, f"{service}/{use_case}")
    }
    if not names:
        print(f"There is no function {function}.", file=sys.stderr)
        return 1
    seen: set[LogLine] = set()
    since = 0
    while True:
        for line in stack.logs(since, names):
            if line not in seen and (everything or not line.is_noise):
                print(f"{names[line.function]}  {line.message}", flush=True)
            seen.add(line)
            since = max(since, line.timestamp)
        if not follow:
            return 0
        # Lines of one millisecond may come in two looks.
        seen = {line for line in seen if line.timestamp >= since}
        time.sleep(FOLLOW_SECONDS)
