"""How consistent each read of the product is, and why: what was seen against what is written.

``reads.toml`` has a row for each place in the product that reads DynamoDB; the record of a test
run says which there are, and what their calls asked for. Neither may have what the other has not.
"""

import tomllib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.lab.privileges.used import lines

TABLE = Path(__file__).with_name("reads.toml")
KINDS = frozenset({"consistent", "eventual", "index", "transaction"})
_LEAST = 20
"""The least letters of a reason."""


@dataclass(frozen=True, slots=True)
class Row:
    """A place that reads: how (an ``index`` is never consistent), and why it may or must be so.

    ``seldom`` says why a run of the functions' tests need not come there, if it need not.
    """

    reads: frozenset[str]
    why: str
    seldom: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What does not fit; it *holds* when nothing is wrong and something was looked at."""

    rows: int
    unwritten: list[str]
    other: list[str]
    unseen: list[str]

    @property
    def holds(self) -> bool:
        """Whether the rows are what was seen, and nothing else."""
        return self.rows > 0 and not (self.unwritten or self.other or self.unseen)


def written(path: Path = TABLE) -> dict[str, Row]:
    """Return the rows; ``ValueError`` for a kind there is none of, or a row without a reason."""
    rows = {}
    for place, row in tomllib.loads(path.read_text("utf-8")).items():
        rows[place] = Row(frozenset(row["reads"].split(" or ")), row["why"], row.get("seldom", ""))
        if not rows[place].reads <= KINDS:
            raise ValueError(f"{place} reads {row['reads']}, not any of {_listed(KINDS)}")
        if len(row["why"]) < _LEAST:
            raise ValueError(f"{place} says hardly why: {row['why']!r}")
    return rows


def seen(folder: Path) -> dict[str, set[str]]:
    """Return how each place was seen to read, by the record in *folder*."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines(folder):
        if line.get("reader"):
            found[line["reader"]].add(line["reads"])
    return dict(found)


def differences(
    rows: Mapping[str, Row], found: Mapping[str, set[str]], *, complete: bool = True
) -> Difference:
    """Hold *rows* to what was *found*; a run that is not *complete* need not have seen all."""
    return Difference(
        rows=len(rows),
        unwritten=sorted(
            f"{place} ({_listed(kinds)})" for place, kinds in found.items() if place not in rows
        ),
        other=sorted(
            f"{place}: {_listed(rows[place].reads)}, seen {_listed(kinds)}"
            for place, kinds in found.items()
            if place in rows and kinds != rows[place].reads
        ),
        unseen=sorted(
            place for place, row in rows.items() if place not in found and not row.seldom
        )
        if complete
        else [],
    )


def _listed(kinds: Collection[str]) -> str:
    return ", ".join(sorted(kinds))


def report(difference: Difference) -> None:
    """Print what does not fit, then what was looked at."""
    for each in difference.unwritten:
        print(f"read, not in reads.toml: {each}")
    for each in difference.other:
        print(f"read otherwise than reads.toml says: {each}")
    for each in difference.unseen:
        print(f"in reads.toml, never read: {each}")
    print(f"{difference.rows} places that read: each as consistently as it says")
