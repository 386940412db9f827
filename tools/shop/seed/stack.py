"""A stack for the tools: the one that runs here, or else one of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from tools.local.access import StackAccess
from tools.local.errors import NotRunning
from tools.local.options import Options
from tools.local.reporter import TerminalReporter
from tools.local.stack import LocalStack, attach
from tools.shop.seed.seeding import seed


@contextmanager
def seeded_stack(console: Console) -> Iterator[StackAccess]:
    """Yield a stack that holds the sample accounts and products.

    It is the running one; if none runs, one is started on free ports and stopped at the end.
    """
    try:
        running = attach()
    except NotRunning:
        console.print("[dim]No local stack is running; starting one.[/]")
        options = Options(port=0, front_port=0)
        with LocalStack(options, TerminalReporter(console)) as own:
            seed(own)
            yield own
        return
    try:
        seed(running)
        yield running
    finally:
        running.close()
