"""What somebody may do: whoever comes with a token is served by the rights of that moment."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from tools.lab.authorization.table import Table
from tools.lab.simulation.checks.facts import Commit, Item
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending
from tools.lab.simulation.world.templates import deployed
from tools.lab.support.http_events import Bearer

SERVED = "rights: what was taken away before a request was sent serves it no more"
DENIED = "rights: nobody is denied what they held all the time"
REFUSED = "rights: a token is refused when it is over, and not before"
TOLD = "rights: what somebody is entitled to changes with the event that says so"

GOOD_FOR = 600.0
"""Seconds for which an access token is good."""
_CLOCKS = 60.0
"""Seconds by which a request may take longer, or a clock that is right be off."""
_KINDS = {
    "user.roles_changed",
    "user.permission_granted",
    "user.permission_revoked",
}
_PARTS = ("roles", "grants", "restrictions")


class Rights:
    """Follows everybody's rights, and holds answers to them by the table that is hand-written."""

    def __init__(self, clocks_are_right: Callable[[], bool]) -> None:
        self._clocks_are_right = clocks_are_right
        self._table = Table.read()
        self._known: defaultdict[str, tuple[list[int], list[Item]]] = defaultdict(lambda: ([], []))
        self._begun: dict[str, float] = {}
        """Session → when its latest token was given."""

    def after_step(self, commit: Commit) -> None:
        """Note whose rights are others now, and hold that to the events beside it."""
        told = {
            fact.id: fact.new["data"]
            for fact in commit.events
            if fact.new is not None and fact.new["type"] in _KINDS
        }
        for fact in commit.facts:
            if fact.context != "identity" or fact.sk != "ACCESS" or fact.new is None:
                continue
            numbers, rights = self._known[fact.id]
            numbers.append(commit.number)
            rights.append(fact.new)
            for session in fact.new["sessions"]:
                if (
                    fact.old is None
                    or fact.old["sessions"].get(session) != (fact.new["sessions"][session])
                ):
                    self._begun[session] = commit.now
            if fact.old is None:
                continue
            before, after = (
                [_names(each, part) for part in _PARTS] for each in (fact.old, fact.new)
            )
            said = told.pop(fact.id, None)
            if said is None:
                require(before == after, TOLD, f"{fact.pk}: {before} → {after} without an event")
                continue
            for what, was in (("before", before), ("after", after)):
                says = [_names(said[what], part) for part in _PARTS]
                require(says == was, TOLD, f"{fact.pk}: {was}, and the event says {says}")
        require(not told, TOLD, f"{told}, and no right is another")

    def answered(self, pending: Pending) -> None:
        """Hold an answer to who came with a token to what they might do meanwhile."""
        answer, caller = pending.answer, pending.caller
        if answer is None or answer.status >= 500 or not isinstance(caller, Bearer):
            return
        numbers, all_rights = self._known[caller.user_id]
        rights = all_rights[max(0, bisect_right(numbers, pending.started) - 1) :]
        what = f"{pending.method} {pending.path} ({pending.invocation}) got {answer.status}"
        if answer.status == 401:
            self._over(pending, caller, rights, what)
            return
        needed = self._needed(pending)
        held = [self._held(each) for each in rights]
        if answer.status == 403 and answer.code == "PERMISSION_DENIED":
            lacked = any(not needed <= each for each in held)
            require(lacked, DENIED, f"{what}, and {needed} was held all the time")
            return
        may = any(needed <= each for each in held)
        require(may, SERVED, f"{what} without {[sorted(needed - each) for each in held]}")
        live = any(caller.session_id in each["sessions"] and each["active"] for each in rights)
        require(live, SERVED, f"{what} in a session that was over")

    def _over(self, pending: Pending, caller: Bearer, rights: Iterable[Item], what: str) -> None:
        if not self._clocks_are_right():
            return
        age = (pending.answered_at or 0.0) - self._begun[caller.session_id]
        ended = any(caller.session_id not in each["sessions"] for each in rights)
        require(ended or age > GOOD_FOR - _CLOCKS, REFUSED, f"{what} after {age:.0f} s")

    def _needed(self, pending: Pending) -> frozenset[str]:
        """Return what the route asks for; nothing of one that asks for nothing."""
        for route in deployed().routes:
            if route.method == pending.method and route.pattern.fullmatch(pending.path):
                return self._table.line(f"{route.method} {route.path}").who or frozenset()
        return frozenset()

    def _held(self, rights: Item) -> frozenset[str]:
        of_roles = (self._table.roles[role] for role in _names(rights, "roles"))
        return frozenset[str]().union(*of_roles, _names(rights, "grants")) - _names(
            rights, "restrictions"
        )


def _names(item: Any, part: str) -> frozenset[str]:
    """Return the names in a part of an item; an earlier release wrote one role."""
    if part == "roles" and "roles" not in item:
        return frozenset({item["role"]})
    return frozenset(item.get(part, ()))
