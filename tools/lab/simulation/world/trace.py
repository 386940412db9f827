"""What happened, one short line a step; made into text only when somebody reads it."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from tools.lab.simulation.world.clock import Clock

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{8}([0-9a-f]{4})")


class Trace:
    """The lines of one run: step, virtual time, who, what, on what, how it went."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: list[tuple[float, str, str, Any, str]] = []

    def __len__(self) -> int:
        return len(self._lines)

    def note(self, who: str, what: str, on: Any = "", outcome: str = "") -> None:
        """Add a line; *on* is shown with ``str`` when the trace is read."""
        self._lines.append((self._clock.now, who, what, on, outcome))

    def lines(self) -> Iterator[str]:
        """Yield the lines as text, with ids cut down to their last digits."""
        for line in self._whole():
            yield _ID.sub(r"~\1", line)

    def _whole(self) -> Iterator[str]:
        first = self._lines[0][0] if self._lines else 0.0
        for number, (now, who, what, on, outcome) in enumerate(self._lines, start=1):
            place = f"{number:5} {now - first:10.3f} {who:34} {what:22}"
            yield f"{place} {_shown(on)} {outcome}".rstrip()

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def digest(self) -> str:
        """SHA-256 of the text with its ids whole."""
        return hashlib.sha256("\n".join(self._whole()).encode()).hexdigest()


def _shown(on: Any) -> str:
    return on if isinstance(on, str) else " ".join(on)
