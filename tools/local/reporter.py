"""Progress while a stack starts."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status


class Reporter:
    """Hears what happens; this one keeps it to itself."""

    @contextmanager
    def step(self, title: str) -> Iterator[None]:  # noqa: ARG002
        """Surround one step; an exception from inside passes through."""
        yield

    def detail(self, text: str) -> None:
        """Say what the current step is at."""


class TerminalReporter(Reporter):
    """Shows each step while it runs and how long it took."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._title = ""

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        started = time.perf_counter()
        self._title = title
        with self._console.status(title) as self._status:
            try:
                yield
            except BaseException:
                self._console.print(f"[red]✗[/] {title}")
                raise
        self._console.print(f"[green]✓[/] {title} [dim]{time.perf_counter() - started:.1f} s[/]")

    def detail(self, text: str) -> None:
        if self._status:
            self._status.update(f"{self._title} [dim]{text}[/]")
