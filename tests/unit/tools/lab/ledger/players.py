"""Stand-ins for the simulator: they play seeds in no time, or never come to an end."""

import signal
from typing import Any, NoReturn

from tools.lab.simulation.ledger.played import Played

BROKEN = 13
"""The seed that breaks a promise."""


def played(first: int, last: int, code: str = "c0de", **others: Any) -> Played:
    """Return a piece."""
    given: dict[str, Any] = {"violations": [], "seconds": 1, "steps": 10, "calls": 5, "faults": 2}
    given |= {"python": "3.11", "date": "2026-11-30", "trace": f"trace of {first}", **others}
    return Played(code=code, first=first, last=last, **given)


def play(seeds: range, code: str) -> Played:
    """Play *seeds*; one of them breaks a promise."""
    bad = [{"seed": BROKEN, "says": 'it "broke"'}] if BROKEN in seeds else []
    return played(seeds[0], seeds[-1], code, violations=bad)


def play_some(seeds: range, code: str) -> Played:
    """Play the first forty seeds, and hang in those behind them."""
    if seeds[0] >= 40:
        hang()
    return play(seeds, code)


def hang() -> NoReturn:
    """Wait for a signal that does not come."""
    while True:
        signal.pause()
