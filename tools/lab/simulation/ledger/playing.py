"""Plays what the ledger lacks, piece by piece, and records each piece as soon as it is done."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tools.entry.guard import ToolError
from tools.lab.processes import results
from tools.lab.simulation.ledger.code import code_hash
from tools.lab.simulation.ledger.ledger import record
from tools.lab.simulation.ledger.played import PYTHON, Played

PIECE = 20
"""Seeds in a piece: what a kill can cost, by each process."""
Play = Callable[..., Played]


def play_all(
    pieces: Iterable[range],
    ledger: Path,
    *,
    code: str,
    play: Play,
    number: int | None = None,
    until: float = float("inf"),
    done: Callable[[Played], bool] = lambda _: True,
) -> None:
    """Have *pieces* played and recorded; none begins after *until* or once *done* says no.

    `ToolError` when what lies here is not *code* any more: what was under way is not recorded.
    """
    goes_on = True

    def in_time() -> Iterator[range]:
        for each in pieces:
            if not goes_on or time.monotonic() >= until:
                return
            yield each

    for piece in results(partial(play, code=code), in_time(), number=number):
        _require_same(code)
        record(ledger, piece)
        goes_on = done(piece) and goes_on


def _require_same(code: str) -> None:
    if code_hash() != code:
        raise ToolError(
            "The code has changed while it was played: what was under way counts for neither. "
            "Start it again."
        )


def play(seeds: range, code: str) -> Played:
    """Play *seeds* in this process, which has loaded the code of that hash."""
    from tools.lab.simulation.trying import try_seed  # noqa: PLC0415  # in the processes alone
    from tools.lab.simulation.world.installing import install  # noqa: PLC0415

    install()
    started = time.process_time()
    results = [try_seed(seed) for seed in seeds]
    return Played(
        code=code,
        first=seeds[0],
        last=seeds[-1],
        violations=[
            {"seed": each.plan.seed, "says": str(each.violation)}
            for each in results
            if each.violation is not None
        ],
        seconds=round(time.process_time() - started),
        steps=sum(each.steps for each in results),
        calls=sum(sum(each.calls.values()) for each in results),
        faults=sum(each.injected for each in results),
        python=PYTHON,
        date=datetime.now(UTC).date().isoformat(),
        trace=results[0].trace.digest(),
    )
