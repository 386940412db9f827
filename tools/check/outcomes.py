"""How tests went, read from pytest's own report, and what follows from those that were skipped."""

import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.check.tiers import skipped_by


@dataclass(frozen=True, slots=True)
class Case:
    """One test: its file, its rows of the systems list, its tiers; *skipped* is the reason."""

    file: str = ""
    rows: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    failed: bool = False
    skipped: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a stage went; *code* is pytest's.

    It took *seconds*, and *processor* seconds of all cores together: what other work on the
    machine changes little.
    """

    stage: str
    code: int
    cases: tuple[Case, ...] = field(repr=False)
    seconds: float = 0.0
    processor: float = 0.0

    @property
    def failed(self) -> int:
        """The number of tests that failed."""
        return sum(case.failed for case in self.cases)

    @property
    def skips(self) -> Counter[str]:
        """The number of tests behind each reason for a skip."""
        return Counter(case.skipped for case in self.cases if case.skipped)

    @property
    def tiers_skipped(self) -> set[str]:
        """The tiers of which a test was skipped because the tier is missing."""
        return {skipped_by(reason) for reason in self.skips} - {""}


def read(report: Path) -> tuple[Case, ...]:
    """Return the tests of a JUnit report, none where pytest wrote no report."""
    if not report.exists():
        return ()
    return tuple(map(_case, ET.parse(report).iter("testcase")))  # noqa: S314  # pytest's own


def _case(node: ET.Element) -> Case:
    noted = defaultdict(list)
    for each in node.iter("property"):
        noted[each.get("name")].append(each.get("value", ""))
    skip = node.find("skipped")
    return Case(
        file="".join(noted["file"][:1]),
        rows=frozenset(noted["row"]),
        tiers=frozenset(noted["tier"]),
        failed=node.find("failure") is not None or node.find("error") is not None,
        skipped="" if skip is None else skip.get("message") or "no reason given",
        seconds=float(node.get("time") or 0),
    )


def slowest(cases: Iterable[Case]) -> Iterator[tuple[str, float]]:
    """Yield every file with the seconds that its tests took, the slowest first."""
    seconds: dict[str, float] = defaultdict(float)
    for case in cases:
        seconds[case.file] += case.seconds
    yield from sorted(seconds.items(), key=lambda each: -each[1])


def idle_rows(cases: Iterable[Case]) -> dict[str, set[str]]:
    """Return the rows none of whose tests ran, each with the reasons of the skips."""
    ran: set[str] = set()
    reasons: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        for row in case.rows:
            if case.skipped:
                reasons[row].add(case.skipped)
            else:
                ran.add(row)
    return {row: reasons[row] for row in sorted(reasons.keys() - ran)}


def unexplained(idle: dict[str, set[str]]) -> list[str]:
    """Return the rows that no missing tier explains: whoever skips their tests hides them."""
    return [row for row, reasons in idle.items() if not all(map(skipped_by, reasons))]


def without(tiers: Iterable[str], cases: Iterable[Case]) -> Iterator[Case]:
    """Yield *cases* as they would be if *tiers* were missing."""
    missing = set(tiers)
    for case in cases:
        if found := sorted(case.tiers & missing):
            yield Case(case.file, case.rows, case.tiers, skipped=f"without {found[0]}: left out")
        else:
            yield case
