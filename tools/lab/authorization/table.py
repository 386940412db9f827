"""Who may what, as `tests/authorization/who_may.toml` has it: written by hand, not from the code.

Nothing here knows of the routes' declarations: a wrong one cannot correct what is expected of it.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from shared.platform.access.permissions import Permission
from tools.check.project import ROOT

WHO_MAY = ROOT / "tests" / "authorization" / "who_may.toml"
EVERYTHING = frozenset(map(str, Permission))
NOT_FOUND = 404
MISSING = "missing"


@dataclass(frozen=True)
class Word:
    """Who reaches objects of one visibility: holders of all that it *needs*, or *nobody*."""

    needs: frozenset[str] = frozenset()
    nobody: bool = False

    @classmethod
    def of(cls, written: Any) -> Self:
        """Read it as the table writes it."""
        match written:
            case "yes":
                return cls()
            case "hidden":
                return cls(nobody=True)
            case {"needs": [*needs]}:
                return cls(frozenset(needs))
        raise ValueError(f"{written!r} says nothing about who may")

    @property
    def is_open(self) -> bool:
        """Whether whoever may use the route reaches them."""
        return not (self.nobody or self.needs)

    def lets(self, held: frozenset[str]) -> bool:
        """Tell whether a holder of *held* reaches them."""
        return not self.nobody and held >= self.needs


@dataclass(frozen=True)
class View:
    """A kind of object at a route, in one visibility; *listed* among others, not named.

    *change* is what the request changes of it, which *may_change* allows. *not_there* is the
    status for what is not there; *unlooked* says what is needed not to be denied before anybody
    looks.
    """

    thing: str
    visibility: str
    word: Word
    listed: bool = False
    change: str = ""
    may_change: Word = Word()
    not_there: int = NOT_FOUND
    unlooked: Word = Word()

    @property
    def label(self) -> str:
        """How people write it."""
        return f"{self.visibility} {self.thing}{f', {self.change}' if self.change else ''}"


@dataclass(frozen=True)
class Line:
    """What the table says of one route; *who* is ``None`` for everybody.

    *looks* tells whether it looks at credentials at all, *fresh_minutes* how old a log-in may be,
    where that matters, *takes_cookie* whether a session's cookies say there who is calling, and
    *views* is everything that can be asked of it.
    """

    who: frozenset[str] | None
    looks: bool
    fresh_minutes: int | None
    takes_cookie: bool
    views: tuple[View, ...]


@dataclass(frozen=True)
class Table:
    """The whole table."""

    written: Mapping[str, Any]

    @classmethod
    def read(cls) -> Self:
        """Read the file."""
        return cls(tomllib.loads(WHO_MAY.read_text("utf-8")))

    def line(self, route: str) -> Line:
        """Return the line of *route*; ``HEAD`` has that of ``GET``."""
        written = self.written["route"][_as_get(route)]
        anyone = written["who"] == "anyone"
        return Line(
            who=None if anyone else frozenset(written["who"]),
            looks=not anyone or written["bad"] == "refused",
            fresh_minutes=written.get("fresh"),
            takes_cookie=not anyone or written["bad"] == "refused" or "cookie" in written,
            views=tuple(self._views(written)),
        )

    def _views(self, written: Mapping[str, Any]) -> Iterator[View]:
        only = written.get("only")
        for key, listed in (("object", False), ("lists", True)):
            names = written.get(key, [])
            for thing in [names] if isinstance(names, str) else names:
                for view in self._of(thing):
                    word = Word(nobody=True) if only and view.visibility not in only else view.word
                    if not (listed and view.visibility == MISSING):
                        yield replace(view, word=word, listed=listed)
        for change, may in written.get("change", {}).items():
            of = may.get("of", "public") if isinstance(may, dict) else "public"
            view = next(each for each in self._of(written["object"]) if each.visibility == of)
            yield replace(view, change=change, may_change=Word.of(may))

    def _of(self, thing: str) -> Iterator[View]:
        written = self.written["object"][thing]
        status = written.get("not_there", NOT_FOUND)
        for key, word in written.items():
            if key not in (*REASONS, "not_there", "unlooked"):
                unlooked = written.get("unlooked", ()) if key == MISSING else ()
                word_of = Word(frozenset(unlooked))
                yield View(thing, key, Word.of(word), not_there=status, unlooked=word_of)

    @cached_property
    def roles(self) -> dict[str, frozenset[str]]:
        """What each role is to hold."""
        return {
            role: EVERYTHING if written["may"] == "everything" else frozenset(written["may"])
            for role, written in self.written["role"].items()
        }

    @cached_property
    def never_by_key(self) -> frozenset[str]:
        """What no API key is to hold, whatever its scopes say."""
        return frozenset(self.written["api_keys"]["never"]["holds"])

    @property
    def mentioned(self) -> frozenset[str]:
        """Every permission that opens or widens something."""
        lines = [self.line(route) for route in self.written["route"]]
        needed = [view.word.needs | view.may_change.needs for line in lines for view in line.views]
        return frozenset().union(*needed, *(line.who or () for line in lines))

    def unmatched(self, routes: Iterable[str]) -> list[str]:
        """Return the *routes* without a line, and the lines without a route."""
        there, known = {_as_get(each) for each in routes}, set(self.written["route"])
        return sorted(
            [f"{each}: no line in {WHO_MAY.name}" for each in there - known]
            + [f"{each}: no such route" for each in known - there]
        )

    def nameless(self) -> list[str]:
        """Return the routes that take an id of nothing that the table knows."""
        return [
            route
            for route, written in self.written["route"].items()
            if "{" in route and "object" not in written
        ]

    def unfounded(self) -> list[str]:
        """Return what stands there without a reason."""
        return [
            f"{kind}.{name}"
            for kind, entries in self.written.items()
            for name, written in entries.items()
            if not any(written.get(reason) for reason in REASONS)
        ]


REASONS = ("said", "silent", "decided")
"""Where a line comes from."""


def _as_get(route: str) -> str:
    return f"GET {route.removeprefix('HEAD ')}" if route.startswith("HEAD ") else route
