"""One sequence on our engine and on another, step by step."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.lab.engines.difference import Difference, Step
from tools.lab.engines.generator.reads import PAGES
from tools.lab.engines.outcomes import Outcome, unpadded
from tools.lab.engines.paging import pages
from tools.lab.engines.subjects import Ours, Subject

ZEROS = "needless zeros"
"""The name of the difference that is looked through everywhere: numbers written another way."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A step, or the tables and streams after the last, in which an engine differs from ours."""

    engine: str
    number: int
    what: str
    ours: str
    theirs: str
    kind: str
    """What stays the same when the sequence is made shorter."""

    def __str__(self) -> str:
        return (
            f"step {self.number}: {self.what}\n  our engine {self.ours}\n  {self.engine}"
            f" {self.theirs}"
        )


@dataclass(slots=True)
class Report:
    """What a sequence showed: at most one *mismatch*, and the known differences it met.

    *left* tells that the tables differed after a known difference, so that the rest was skipped.
    """

    mismatch: Mismatch | None = None
    known: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    left: bool = False


class Comparison:
    """Compares *other* with our engine, but for the known *differences*."""

    def __init__(
        self, other: Subject, differences: Sequence[Difference], ours: Subject | None = None
    ) -> None:
        self._ours = ours or Ours()
        self._other = other
        self._known = [it for it in differences if it.engine == other.name]
        self._zeros = any(it.name == ZEROS for it in self._known)

    def run(self, steps: Sequence[Step]) -> Report:
        """Run *steps* on both, from empty tables."""
        report = Report()
        self._ours.begin()
        self._other.begin()
        for number, step in enumerate(steps, start=1):
            ours, theirs = _called(self._ours, step), _called(self._other, step)
            report.calls += 1
            if ours.same(theirs):
                name = self._silent(step)
                if name is not None:
                    report.known[name] += 1
                    report.left = True
                    return report
                continue
            name = self._explanation(step, ours, theirs)
            if name is None:
                shown = f"{step[0]} {step[1]}"
                kind = f"{step[0]}, {ours.error}, {theirs.error}"
                report.mismatch = Mismatch(
                    self._other.name, number, shown, str(ours), str(theirs), kind
                )
                return report
            report.known[name] += 1
            if name != ZEROS and not self._agree(self._ours.contents(), self._other.contents()):
                report.left = True
                return report
        self._compare_ends(report, len(steps))
        return report

    def _explanation(self, step: Step, ours: Outcome, theirs: Outcome) -> str | None:
        if self._zeros:
            theirs = theirs.unpadded()
            if ours.same(theirs):
                return ZEROS
        for difference in self._known:
            if difference.explains(step, ours, theirs):
                return difference.name
        return None

    def _silent(self, step: Step) -> str | None:
        """Return the difference that has shown in the tables only, if one has."""
        suspects = [it.name for it in self._known if it.silent(step)]
        if not suspects or self._agree(self._ours.contents(), self._other.contents()):
            return None
        return suspects[0]

    def _compare_ends(self, report: Report, number: int) -> None:
        for what, ours, theirs in (
            ("tables", self._ours.contents(), self._other.contents()),
            ("streams", self._ours.records(), self._other.records()),
        ):
            if not self._agree(ours, theirs):
                mine, other = (
                    "has " + str({table: _others(one[table], two[table]) for table in one})
                    for one, two in ((ours, theirs), (theirs, ours))
                )
                ends = f"the {what} at the end"
                report.mismatch = Mismatch(self._other.name, number, ends, mine, other, what)
                return

    def _agree(self, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
        if ours == theirs:
            return True
        return self._zeros and _sorted(ours) == _sorted(unpadded(theirs))


def _called(subject: Subject, step: Step) -> Outcome:
    operation, request = step
    return pages(subject, request) if operation == PAGES else subject.call(operation, request)


def _others(one: Any, two: Any) -> Any:
    """Return what is in *one* only."""
    if isinstance(one, dict):
        return {key: value for key, value in one.items() if two.get(key) != value}
    return [value for value in one if value not in two]


def _sorted(found: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        table: sorted(held, key=repr) if isinstance(held, list) else held
        for table, held in found.items()
    }
