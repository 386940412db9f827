"""Virtual time: it stands still until the scheduler moves it."""

from datetime import UTC, datetime

START = 1_767_225_600.0
"""2026-01-01T00:00:00Z, when every run begins."""


class Clock:
    """Seconds since the epoch."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return self.now - START

    def iso(self) -> str:
        """The present moment as EventBridge writes it."""
        return datetime.fromtimestamp(self.now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
