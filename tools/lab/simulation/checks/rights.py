"""What somebody may do: whoever comes with a token is served by the rights of that moment."""

from bisect import bisect_right
from collections import defaultdict
from typing import Any

from tools.lab.authorization.table import Line, Table
from tools.lab.simulation.checks.facts import Commit, Item
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending
from tools.lab.simulation.world.templates import deployed

SERVED = "rights: what was taken away before a request was sent serves it no more"
DENIED = "rights: nobody is denied what they held all the time"
FRESH = "rights: a route that asks for a recent log-in takes one, and no older one"
TOLD = "rights: what somebody is entitled to changes with the event that says so"

TOO_OLD = "RECENT_LOGIN_REQUIRED"
_KINDS = {
    "user.roles_changed",
    "user.permission_granted",
    "user.permission_revoked",
}
_PARTS = ("roles", "grants", "restrictions")


class Rights:
    """Follows everybody's rights, and holds answers to them by the table that is hand-written."""

    def __init__(self) -> None:
        self._table = Table.read()
        self._known: defaultdict[str, tuple[list[int], list[Item]]] = defaultdict(lambda: ([], []))

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
        answer, said = pending.answer, pending.authorized
        if answer is None or answer.status >= 500 or said is None or said["kind"] != "user":
            return
        too_old = answer.status == 401 and answer.code == TOO_OLD
        if answer.status == 401 and not too_old:  # it has ended, as `authorized` sees
            return
        numbers, all_rights = self._known[said["user_id"]]
        rights = all_rights[max(0, bisect_right(numbers, pending.started) - 1) :]
        what = f"{pending.method} {pending.path} ({pending.invocation}) got {answer.status}"
        line = self._line(pending)
        needed = frozenset[str]() if line is None else line.who or frozenset()
        held = [self._held(each) for each in rights]
        if answer.status == 403 and answer.code == "PERMISSION_DENIED":
            lacked = any(not needed <= each for each in held)
            require(lacked, DENIED, f"{what}, and {needed} was held all the time")
            return
        if line is not None and line.fresh_minutes:
            age = int(said["login_age"])
            right = too_old == (age > line.fresh_minutes * 60)
            require(right, FRESH, f"{what}, {age} seconds after the log-in")
        may = any(needed <= each for each in held)
        require(may, SERVED, f"{what} without {[sorted(needed - each) for each in held]}")

    def _line(self, pending: Pending) -> Line | None:
        """Return what is written of the route; ``None`` where there is none."""
        for route in deployed().routes:
            if route.method == pending.method and route.pattern.fullmatch(pending.path):
                return self._table.line(f"{route.method} {route.path}")
        return None

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
