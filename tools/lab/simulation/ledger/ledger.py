"""The ledger of seeds: what was played of which code; only `record` writes it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from tools.check.project import ROOT
from tools.entry.guard import ToolError
from tools.lab.simulation.ledger import rows
from tools.lab.simulation.ledger.played import FIELDS, TABLE, Played, merged

LEDGER = ROOT / "docs" / "seeds.toml"
_HEAD = """\
The seeds that were played, by the hash of the code: written by `make seeds`, never by hand.
`code` is what tools/lab/simulation/ledger/code.py counts; `first` and `last` were both played;
`seconds` are of the processor; `trace` is the digest of the first seed's trace.
"""


def played(ledger: Path = LEDGER) -> list[Played]:
    """Return what *ledger* says; `ToolError` with every reason where it is not to be trusted."""
    text = ledger.read_text(encoding="utf-8") if ledger.exists() else ""
    wrong = problems(text)
    if wrong:
        raise ToolError(f"{ledger.name} cannot be trusted:", wrong)
    return _pieces(text)


def record(ledger: Path, piece: Played) -> None:
    """Add *piece*: the file is the old one or the new one, whenever this process is killed.

    What is there already stays: a piece that another process has played meanwhile adds nothing.
    """
    with alone(ledger):
        before = played(ledger)
        if any(_overlap(each, piece) for each in before):
            return
        text = rows.written(_HEAD, TABLE, [each.row() for each in merged([*before, piece])])
        replace(ledger, text)


def problems(text: str) -> list[str]:
    """Return what is wrong with a ledger, a line each."""
    found = []
    for number, row in enumerate(rows.read(text, TABLE), start=1):
        wrong = rows.problems(row, FIELDS) or _piece(row).problems()
        found += [f"row {number} {each}" for each in wrong]
    if found:
        return found
    pieces = sorted(_pieces(text), key=lambda each: (each.code, each.first))
    return [
        f"seed {second.first} of {second.code} was played twice"
        for first, second in pairwise(pieces)
        if _overlap(first, second)
    ]


def replace(path: Path, text: str) -> None:
    """Write *text* beside *path* and put it in its place."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def alone(ledger: Path) -> Iterator[None]:
    """Keep other processes from writing meanwhile; a killed one keeps nobody."""
    folder = os.open(ledger.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _overlap(one: Played, other: Played) -> bool:
    return one.code == other.code and one.first <= other.last and other.first <= one.last


def _pieces(text: str) -> list[Played]:
    return [_piece(row) for row in rows.read(text, TABLE)]


def _piece(row: rows.Row) -> Played:
    return Played(**{name: row[name] for name in FIELDS})
