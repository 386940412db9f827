"""What a caller is to get, worked out from the table alone, whatever the route declares."""

from dataclasses import dataclass, replace

from tools.lab.authorization.callers import INVALID, NO_AUTHORIZER, STRANGERS, UNPROVEN, Caller
from tools.lab.authorization.table import Line, Table, View

UNAUTHENTICATED, FORBIDDEN, BROKEN, UNAVAILABLE = 401, 403, 500, 503
DENIED, OBJECT_DENIED = "permission.denied", "permission.object_denied"


@dataclass(frozen=True)
class Outcome:
    """What came of a request.

    *shown* tells whether the answer has what not everybody may see (``None``: there is no such
    thing here), *denials* which denial events were published, *wrote* whether anything else was
    written (``None``: it does not matter).
    """

    status: int
    shown: bool | None = None
    denials: tuple[str, ...] = ()
    wrote: bool | None = None
    text: str = ""
    """The answer, less what every request has of its own; nothing is expected of it by itself."""

    def differs(self, found: "Outcome") -> bool:
        """Tell whether *found* is not what is expected here."""
        return (
            self.status != found.status
            or (self.shown is not None and self.shown != found.shown)
            or self.denials != found.denials
            or (self.wrote is not None and self.wrote != found.wrote)
        )

    def __str__(self) -> str:
        return f"{self.status}{' hidden' if self.shown is False else ''}"


def expected(table: Table, route: str, success: int, caller: Caller, view: View | None) -> Outcome:
    """Return what *caller* is to get at *route* who asks for *view*.

    ``HEAD`` is judged as ``GET`` and shows nobody anything.
    """
    line = table.line(route)
    if caller in UNPROVEN and line.takes_cookie and not route.startswith(("GET ", "HEAD ")):
        return _refused(FORBIDDEN)
    found = _expected(line, success, caller, caller.held(table), view)
    return replace(found, shown=found.shown and False) if route.startswith("HEAD ") else found


def _expected(
    line: Line, success: int, caller: Caller, held: frozenset[str], view: View | None
) -> Outcome:
    if (refused := _at_the_door(line, caller, held)) is not None:
        return refused
    if view is None:
        return Outcome(success)
    reaches = view.word.lets(held)
    if view.listed:
        return Outcome(success, shown=reaches)
    if not reaches:
        # Nobody's right was missing where it is there for nobody.
        denied = caller.role and not (view.word.nobody and view.unlooked.lets(held))
        return _refused(view.not_there, *((OBJECT_DENIED,) if denied else ()))
    return Outcome(success) if view.may_change.lets(held) else _refused(FORBIDDEN, DENIED)


def _at_the_door(line: Line, caller: Caller, held: frozenset[str]) -> Outcome | None:
    """Return how *caller* is refused before anything is looked up."""
    if line.looks and caller is NO_AUTHORIZER:
        # The gateway fails a request that it cannot have identified, and no other.
        return _refused(BROKEN)
    if line.looks and caller in STRANGERS and caller.word["kind"] != "anonymous":
        return _refused(UNAUTHENTICATED if caller is INVALID else UNAVAILABLE)
    if line.who is not None and caller.role is None:
        return _refused(UNAUTHENTICATED)
    if not held >= (line.who or frozenset()):
        return _refused(FORBIDDEN, DENIED)
    return None if _fresh_enough(line, caller) else _refused(UNAUTHENTICATED)


def _fresh_enough(line: Line, caller: Caller) -> bool:
    """Tell whether the age of *caller*'s log-in is known and no hindrance, where it matters."""
    if line.fresh_minutes is None:
        return True
    return caller.login_age is not None and caller.login_age <= line.fresh_minutes * 60


def _refused(status: int, *denials: str) -> Outcome:
    return Outcome(status, denials=denials, wrote=False)
