"""Seeds that were played of one code, and what they came to."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from operator import attrgetter
from typing import Any

TABLE = "played"
PYTHON = "{}.{}".format(*sys.version_info)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """The seeds from *first* to *last*, both played of the code with that hash.

    *trace* is the digest of the first seed's trace: whoever plays it again gets the same.
    *seconds* are of the processor. A violation is ``{seed, says}``.
    """

    code: str
    first: int
    last: int
    violations: list[dict[str, Any]]
    seconds: int
    steps: int
    calls: int
    faults: int
    python: str
    date: str
    trace: str

    @property
    def seeds(self) -> range:
        """The seeds."""
        return range(self.first, self.last + 1)

    def problems(self) -> list[str]:
        """Return what a row of the right shape says that cannot be."""
        if not 0 <= self.first <= self.last:
            return [f"claims the seeds {self.first} to {self.last}"]
        seeds = [each.get("seed") for each in self.violations]
        if [seed for seed in seeds if seed not in self.seeds] or len(set(seeds)) < len(seeds):
            return ["has violations of other seeds, or one twice"]
        return []

    def with_next(self, following: "Played") -> "Played":
        """Return this with the seeds behind it."""
        return replace(
            self,
            last=following.last,
            violations=[*self.violations, *following.violations],
            seconds=self.seconds + following.seconds,
            steps=self.steps + following.steps,
            calls=self.calls + following.calls,
            faults=self.faults + following.faults,
            date=max(self.date, following.date),
        )

    def row(self) -> dict[str, Any]:
        """Return it as the ledger has it."""
        return asdict(self)


FIELDS: dict[str, type] = {
    each.name: {"violations": list, "code": str, "python": str, "date": str, "trace": str}.get(
        each.name, int
    )
    for each in fields(Played)
}


def merged(pieces: Iterable[Played]) -> list[Played]:
    """Return *pieces* in their order, those that continue another one joined to it."""
    found: list[Played] = []
    for piece in sorted(pieces, key=attrgetter("code", "python", "first")):
        before = found[-1] if found else None
        if before and _of(before) == _of(piece) and before.last + 1 == piece.first:
            found[-1] = before.with_next(piece)
        else:
            found.append(piece)
    return sorted(found, key=lambda each: (each.date, *_of(each), each.first))


def lacking(wanted: range, code: str, pieces: Iterable[Played]) -> list[range]:
    """Return what of *wanted* nobody has played of *code*."""
    left, at = [], wanted.start
    for piece in sorted((each for each in pieces if each.code == code), key=attrgetter("first")):
        if piece.first > at:
            left.append(range(at, min(piece.first, wanted.stop)))
        at = max(at, piece.last + 1)
        if at >= wanted.stop:
            break
    left.append(range(at, wanted.stop))
    return [each for each in left if each]


def cut(ranges: Sequence[range], size: int) -> list[range]:
    """Return *ranges* in pieces of at most so many seeds."""
    return [each[at : at + size] for each in ranges for at in range(0, len(each), size)]


def _of(piece: Played) -> tuple[str, str]:
    return piece.code, piece.python
