"""How the rows stand: held, in part, or not yet, and for want of what."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from tools.check.planted import Plant, plants_of
from tools.check.uses import misused

_FROM_OUTSIDE = (
    "tests/functions/",
    "tests/stack/",
    "tests/privileges/",
    "tests/unit/platform/http/",
)
"""Where tests send requests and events to whole functions, or to the app of an endpoint."""


class Standing(StrEnum):
    """What can be said of a row."""

    HELD = "held"
    IN_PART = "in part"
    UNPROVED = "unproved"
    WAITS = "waits"


COLOURS = {
    Standing.HELD: "green",
    Standing.IN_PART: "yellow",
    Standing.UNPROVED: "magenta",
    Standing.WAITS: "red",
}


@dataclass(frozen=True)
class Rows:
    """What ``rows.toml`` says, with the *tests* that are marked with each row."""

    data: Mapping[str, Any]
    tests: Mapping[str, set[str]]

    @property
    def titles(self) -> Mapping[str, str]:
        """The rows, each with its promise."""
        titles: Mapping[str, str] = self.data["rows"]
        return titles

    @property
    def waits(self) -> Mapping[str, str]:
        """What of a row the product does not do yet."""
        waits: Mapping[str, str] = self.data["waits"]
        return waits

    @cached_property
    def plants(self) -> Sequence[Plant]:
        """The no-ops that are planted."""
        return plants_of(self.data)

    def places(self, row: str) -> Sequence[str]:
        """Return where *row* is used, or who operates what keeps it."""
        return [*self.data["used"].get(row, ()), *self.data["operated"].get(row, ())]

    def standing(self, row: str) -> Standing:
        """Tell how *row* stands: used, tested, and its helper missed when it does nothing."""
        if not self.places(row) or not self.tests.get(row):
            return Standing.WAITS
        if row in self.waits:
            return Standing.IN_PART
        proved = row in self.data["operated"] or any(each.row == row for each in self.plants)
        return Standing.HELD if proved else Standing.UNPROVED

    def want(self, row: str) -> str:
        """Say what *row* waits for."""
        if row in self.waits:
            return self.waits[row]
        if not self.tests.get(row):
            return "a test"
        return "a planted no-op that a test over HTTP or of an event notices"

    def mistakes(self, root: Path) -> Iterator[str]:
        """Yield a line for all that is said and is not so."""
        for section in ("used", "operated", "waits"):
            yield from (
                f"[{section}] {row}: no such row"
                for row in self.data[section].keys() - self.titles.keys()
            )
        yield from (
            f"[[planted]] {each.row}: {each.helper} is planted for a row that nothing uses"
            for each in self.plants
            if each.row not in self.data["used"]
        )
        yield from (
            f"[[planted]] {each.row}: {each.test} sends a function neither a request nor an event"
            for each in self.plants
            if not each.test.startswith(_FROM_OUTSIDE)
        )
        yield from misused(root, self.data["used"])
        yield from (
            f"[operated] {row}: {place} is not there"
            for row, places in self.data["operated"].items()
            for place in places
            if not _is_there(root, place)
        )
        yield from (
            f"{row}: neither used, nor operated, nor said what it waits for"
            for row in self.titles
            if not self.places(row) and row not in self.waits
        )


def _is_there(root: Path, place: str) -> bool:
    path, _, name = place.partition("::")
    return (root / path).exists() and (not name or name in (root / path).read_text("utf-8"))


def paragraphs(rows: Rows, *, every_test: bool = False) -> Iterator[str]:
    """Yield a paragraph for each row: standing, id, number of test functions, title; places."""
    for row, title in rows.titles.items():
        found, standing = sorted(rows.tests.get(row, ())), rows.standing(row)
        mark = f"[{COLOURS[standing]}]{standing:<8}[/]"
        yield f"{mark} {row}  {len(found) or '-':>4}  {escape(title)}"
        yield from (f"{'':23}used: {escape(place)}" for place in rows.places(row))
        shown = found if every_test else _files(found)
        yield from (f"{'':23}test: {escape(each)}" for each in shown)


def not_held(rows: Rows) -> Table:
    """Return the rows that the project does not hold, or not whole, and for want of what."""
    table = Table("row", "", "promise", "waits for", title="Not held yet")
    for row, title in rows.titles.items():
        standing = rows.standing(row)
        if standing is not Standing.HELD:
            mark = f"[{COLOURS[standing]}]{standing}[/]"
            table.add_row(row, mark, escape(title), escape(rows.want(row)))
    return table


def summary(rows: Rows) -> str:
    """Return how many rows stand how."""
    number = Counter(map(rows.standing, rows.titles))
    return f"of {len(rows.titles)} rows: " + ", ".join(
        f"{number[standing]} {standing}" for standing in Standing
    )


def _files(tests: Iterable[str]) -> list[str]:
    """Return the files of *tests* with how many each has."""
    files = Counter(test.partition("::")[0] for test in tests)
    return [f"{file} ({number})" for file, number in sorted(files.items())]
