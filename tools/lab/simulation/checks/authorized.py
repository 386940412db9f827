"""Whoever comes with a token is let in by what holds at that moment, and by nothing older."""

import base64
import json
from collections.abc import Callable
from typing import Any

from tools.lab.simulation.checks.api_keys import key_of
from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Commit, Item
from tools.lab.simulation.checks.requests import Requests
from tools.lab.simulation.checks.rights import TOO_OLD
from tools.lab.simulation.checks.sessions import CLOCKS, Sessions
from tools.lab.simulation.checks.violation import broken, require
from tools.lab.simulation.workload.ports import Pending
from tools.lab.support.http_events import Caller

OLD = "authorizer: no request is served by a right that was gone when it was sent"
CAUSE = "authorizer: a token is refused only when it or its session is over"
SAID = "authorizer: what it says of a token is what is answered"

_PARTS = ("roles", "grants", "restrictions")
_PATIENT = 30.0
"""Seconds that a request may take to be authorized and answered."""


class Authorized:
    """Holds what the authorizer says to the rights there were while it was asked."""

    def __init__(
        self,
        books: Books,
        requests: Requests,
        sessions: Sessions,
        clocks_are_right: Callable[[], bool],
    ) -> None:
        self._books = books
        self._requests = requests
        self._sessions = sessions
        self._clocks_are_right = clocks_are_right
        self._rights: dict[str, list[tuple[int, Item]]] = {}
        """By user: each change of what they may do, with the number of its commit."""

    def after_step(self, commit: Commit) -> None:
        """Note what changed of somebody's rights."""
        for fact in commit.facts:
            if fact.context == "identity" and fact.sk == "ACCESS" and fact.new is not None:
                self._rights.setdefault(fact.id, []).append((commit.number, fact.new))
                self._ends(commit, fact.id, fact.new)

    def _ends(self, commit: Commit, user_id: str, rights: Item) -> None:
        """Hold what is left of somebody's rights to what was done to their account."""
        told = {e.new["type"] for e in commit.events if e.new is not None and e.id == user_id}
        what = f"{commit.function} left {rights['sessions'].keys()} to {user_id}"
        if "user.deactivated" in told:
            require(not rights["active"] and not rights["sessions"], OLD, what)
        if "user.password_changed" in told:
            caller = self._requests.all[commit.invocation].caller
            mine = {caller.session_id} if isinstance(caller, Caller) else set()
            require(rights["sessions"].keys() <= mine, OLD, what)

    def answered(self, pending: Pending) -> None:
        """Look at a request that came with a token."""
        said = pending.authorized
        if said is None or key_of(pending):  # of keys `api_keys` knows
            return
        what = f"{pending.method} {pending.path} ({pending.invocation}), authorized as {said},"
        answer = pending.answer
        claims = claims_of(pending.headers["Authorization"])
        match said["kind"]:
            case "user":
                self._let_in(pending, said, claims, what)
                over = self._sessions.ended(claims["sid"]) is not None  # since it was asked
                served = answer is None or answer.status != 401 or answer.code == TOO_OLD
                require(over or served, SAID, f"{what} got 401")
            case "invalid":
                self._refused(pending, claims, what)
                right = answer is None or answer.status in (401, 500, 503, 504)
                require(right, SAID, f"{what} got {answer and answer.status}")
            case "unavailable":
                failed = answer is None or answer.status >= 500
                require(failed, SAID, f"{what} got {answer and answer.status}")
                require(pending.faults, CAUSE, f"{what} and nothing had failed")
            case kind:
                broken(SAID, f"{what} with a token, as {kind}")

    def _let_in(self, pending: Pending, said: Any, claims: Any, what: str) -> None:
        require(said["user_id"] == claims["sub"], OLD, f"{what} with the token of {claims}")
        require(said["session_id"] == claims["sid"], OLD, f"{what} with the token of {claims}")
        ended = self._sessions.ended(claims["sid"])
        late = ended is not None and ended < pending.started
        require(not late, OLD, f"{what} after the session had ended")
        accounts = self._books.shown_since("identity", "User", claims["sub"], pending.started)
        require(any(each["active"] for each in accounts), OLD, f"{what} and is locked out")
        over = claims["exp"] * 1000 + CLOCKS < pending.asked_at * 1000
        require(not over, OLD, f"{what} with a token that was over at {claims['exp']}")
        if self._clocks_are_right():
            age = pending.asked_at - self._sessions.began_at(claims["sid"])
            fits = abs(int(said["login_age"]) - age) <= _PATIENT + 1
            require(fits, SAID, f"{what} {age:.0f} seconds after the log-in")
        held = [self._said(rights) for rights in self._held_since(pending)]
        given = [set(filter(None, said[part].split(","))) for part in _PARTS]
        require(given in held, OLD, f"{what} and held {held}")

    def _refused(self, pending: Pending, claims: Any, what: str) -> None:
        if not self._clocks_are_right():
            return
        ended = self._sessions.ended(claims["sid"]) is not None
        late = claims["exp"] <= (pending.answered_at or 0.0) + 1
        early = claims["iat"] > pending.asked_at + _PATIENT
        require(ended or late or early, CAUSE, f"{what} with {claims}")

    def _held_since(self, pending: Pending) -> list[Item]:
        """Return what the caller could do when the request was sent, and at any time since."""
        known = self._rights.get(pending.authorized["user_id"], []) if pending.authorized else []
        before = [rights for number, rights in known if number < pending.started]
        return before[-1:] + [rights for number, rights in known if number >= pending.started]

    @staticmethod
    def _said(rights: Item) -> list[set[str]]:
        known = {"roles": [rights.get("role")], "restrictions": [], **rights}
        return [set(known[part]) for part in _PARTS]


def claims_of(header: str) -> Any:
    """Return the claims of the token in an ``Authorization`` header."""
    payload = header.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
