"""The ledger of the hunt: which seed caught which mutant, of which simulator and which patch."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tools.check.project import ROOT
from tools.entry.guard import ToolError
from tools.lab.simulation.ledger import rows
from tools.lab.simulation.ledger.code import DIGITS, SIMULATOR, code_hash, digest
from tools.lab.simulation.ledger.ledger import alone, replace
from tools.lab.simulation.mutants.mutant import Mutant, PatchDoesNotApply

LEDGER = ROOT / "docs" / "mutants.toml"
_TABLE = "caught"
_HEAD = """\
The planted bugs that were caught: written by `make mutants`, never by hand. `seed` is one that
catches it, `rule` the promise that broke first, `simulator` the hash of what hunted, `patched`
that of the files with the bug in them. Where either is another one by now, the row is stale; where
they are empty, the hunt is from before hunts were kept.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """A mutant that was caught by *seed*."""

    name: str
    seed: int
    rule: str
    simulator: str
    patched: str
    date: str


FIELDS: Mapping[str, type] = {
    "name": str,
    "seed": int,
    "rule": str,
    "simulator": str,
    "patched": str,
    "date": str,
}


def caught(ledger: Path = LEDGER) -> dict[str, Caught]:
    """Return the rows by their mutants' names; `ToolError` where they are not to be trusted."""
    text = ledger.read_text(encoding="utf-8") if ledger.exists() else ""
    wrong = problems(text)
    if wrong:
        raise ToolError(f"{ledger.name} cannot be trusted:", wrong)
    return {row["name"]: Caught(**_plain(row)) for row in rows.read(text, _TABLE)}


def record(ledger: Path, found: Caught, known: Sequence[str]) -> None:
    """Put *found* in its place; rows of mutants that are not *known* any more go."""
    with alone(ledger):
        kept = {**caught(ledger), found.name: found}
        listed = [asdict(kept[name]) for name in known if name in kept]
        replace(ledger, rows.written(_HEAD, _TABLE, listed))


def problems(text: str) -> list[str]:
    """Return what is wrong with a ledger, a line each."""
    listed = rows.read(text, _TABLE)
    found = [
        f"row {number} {each}"
        for number, row in enumerate(listed, start=1)
        for each in rows.problems(row, FIELDS) or _impossible(row)
    ]
    names = Counter(row.get("name") for row in listed)
    return [*found, *(f"{name} is there twice" for name, times in names.items() if times > 1)]


def simulator(root: Path = ROOT) -> str:
    """Return the hash of the simulator at *root*."""
    return code_hash(root, SIMULATOR)


def patched(mutant: Mutant, root: Path = ROOT) -> str:
    """Return the hash of the files at *root* that *mutant* changes, once it has changed them."""
    sources: dict[str, str] = {}
    for edit in mutant.edits:
        source = sources.get(edit.path) or (root / edit.path).read_text(encoding="utf-8")
        sources[edit.path] = edit.applied(source)
    return _hash(sources)


def lying(mutant: Mutant, root: Path) -> str:
    """Return the hash of the files that *mutant* changes as they lie at *root*."""
    paths = {edit.path for edit in mutant.edits}
    return _hash({path: (root / path).read_text(encoding="utf-8") for path in paths})


def stale(mutants: Iterable[Mutant], known: Mapping[str, Caught]) -> list[Mutant]:
    """Return those of *mutants* that nobody has caught as they and the simulator are now."""
    now = simulator()
    return [each for each in mutants if not _is_fresh(each, known.get(each.name), now)]


def _hash(sources: Mapping[str, str]) -> str:
    parts = sorted((path, digest(path, text.encode())) for path, text in sources.items())
    return sha256(repr(parts).encode()).hexdigest()[:DIGITS]


def _is_fresh(mutant: Mutant, row: Caught | None, now: str) -> bool:
    if row is None or row.simulator != now:
        return False
    try:
        return row.patched == patched(mutant)
    except PatchDoesNotApply:
        return False


def _impossible(row: rows.Row) -> list[str]:
    if row["seed"] < 0 or not row["rule"]:
        return [f"says that {row['name']} was caught by seed {row['seed']}: {row['rule']}"]
    return []


def _plain(row: rows.Row) -> dict[str, Any]:
    return {name: row[name] for name in FIELDS}
