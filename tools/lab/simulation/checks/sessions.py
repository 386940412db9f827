"""Sessions: begun by a log-in, renewed one token at a time, and over for good once they end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tools.lab.simulation.checks.facts import Commit, Fact, Item
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending
from tools.lab.support.http_events import Caller

BEGINS = "sessions: one begins with its event, and ends with its event or by its time"
NEXT = "sessions: a refresh token is good for the next one, and for nothing else"
OVER = "sessions: nothing that was asked after the end is granted"
THIEF = "sessions: who is told of a reused token used one before the latest, and the session ends"
LEFT = "sessions: who is told that they are logged out is"
SHOWN = "sessions: who lists theirs sees those that go on"
MOST = 20
_WEEK = 7 * 86_400.0 - 2 * 3_600.0
"""Seconds for which a session goes on without a refresh, less what clocks may be wrong."""
GRACE = 15.0
"""Seconds in which a lost answer is given again for sure: thirty, less what a request may take."""
CLOCKS = 3_000_000 + 60_000
"""Milliseconds by which a clock may be wrong, and something to commit in."""

REFRESH, LOG_IN, LOG_OUT = "identity.refresh_tokens", "identity.log_in", "identity.log_out"
LIST = "identity.list_sessions"


@dataclass
class _Session:
    """What is known of one session; steps are numbers of commits."""

    user_id: str
    ends_at: int
    generations: list[int] = field(default_factory=lambda: [1])
    """The step at which each generation was drawn."""
    ended: int | None = None
    began_at: float = 0.0
    drawn_at: float = 0.0
    """When the latest generation was."""


class Sessions:
    """Follows every session from the rights of its user."""

    def __init__(self, clocks_are_right: Callable[[], bool]) -> None:
        self._clocks_are_right = clocks_are_right
        self._known: dict[str, _Session] = {}

    def after_step(self, commit: Commit) -> None:
        """Hold what changed of somebody's rights to the events beside it."""
        events = {
            (fact.id, fact.new["type"])
            for fact in commit.events
            if fact.new is not None and fact.kind == "Session"
        }
        told = {kind: {i for i, k in events if k == kind} for kind in _TOLD}
        begun: set[str] = set()
        ended: set[str] = set()
        for fact in commit.facts:
            if fact.context == "identity" and fact.sk == "ACCESS":
                self._changed(fact, commit, begun, ended)
        require(begun == told["session.started"], BEGINS, f"{begun} began, with {told}")
        silent = ended - told["session.ended"]
        late = {each for each in silent if self._known[each].ends_at > commit.now * 1000 + CLOCKS}
        require(not late, BEGINS, f"{late} ended without a word")
        unended = told["session.ended"] - ended
        require(not unended, BEGINS, f"{unended} are said to have ended, and go on")

    def _changed(self, fact: Fact, commit: Commit, begun: set[str], ended: set[str]) -> None:
        before: dict[str, Any] = fact.old["sessions"] if fact.old else {}
        after: dict[str, Any] = fact.new["sessions"] if fact.new else {}
        require(len(after) <= MOST, BEGINS, f"{fact.pk} has {len(after)} sessions")
        for session in after.keys() - before.keys():
            require(session not in self._known, OVER, f"session {session} goes on again")
            begun.add(session)
            self._known[session] = _Session(
                fact.id,
                after[session]["ends_at"],
                generations=[commit.number],
                began_at=commit.now,
                drawn_at=commit.now,
            )
        for session in before.keys() - after.keys():
            ended.add(session)
            self._known[session].ended = commit.number
        for session in before.keys() & after.keys():
            then, now = before[session]["generation"], after[session]["generation"]
            require(now in (then, then + 1), NEXT, f"session {session}: {then} → {now}")
            if now != then:
                self._known[session].generations.append(commit.number)
                self._known[session].drawn_at = commit.now

    def ended(self, session_id: str) -> int | None:
        """Return the number of the commit that ended a session, ``None`` while it goes on."""
        known = self._known.get(session_id)
        return None if known is None else known.ended

    def began_at(self, session_id: str) -> float:
        """Return when a session began that there is."""
        return self._known[session_id].began_at

    def answered(self, pending: Pending) -> None:
        """Hold what a client is granted, or refused, to what was so."""
        answer = pending.answer
        if answer is not None and pending.function == LIST and answer.status == 200:
            self._listed(pending, {each["id"] for each in answer.data})
        if answer is None or pending.function not in (REFRESH, LOG_IN, LOG_OUT):
            return
        what = f"{pending.path} ({pending.invocation}): {pending.body}"
        if pending.function == LOG_OUT:
            if answer.status == 200:
                self._left(pending, answer.data["id"], what)
        elif pending.function == LOG_IN:
            if answer.status == 200:
                self._granted(pending, answer.data, what)
        elif answer.status == 200:
            asked, got = generation_of(pending.body), generation_of(answer.data)
            require(got == asked + 1, NEXT, f"{what} got generation {got}")
            self._granted(pending, answer.data, what)
        elif answer.status == 401:
            self._refused(pending, answer.json["error"]["details"], what)

    def _listed(self, pending: Pending, shown: set[str]) -> None:
        """Each that goes on all along is in the list, and none that had ended."""
        assert isinstance(pending.caller, Caller)
        mine = {i: s for i, s in self._known.items() if s.user_id == pending.caller.user_id}
        ended = {i for i, s in mine.items() if s.ended is not None and s.ended < pending.started}
        going_on = {
            i
            for i, s in mine.items()
            if s.ended is None
            and s.generations[0] < pending.started
            and s.drawn_at + _WEEK > (pending.answered_at or 0.0)
        }
        what = f"{pending.path} ({pending.invocation}) shows {shown} of {mine.keys()}"
        require(shown <= mine.keys() and not shown & ended, SHOWN, what)
        require(going_on <= shown, SHOWN, f"{what}, and {going_on} go on")

    def _left(self, pending: Pending, session_id: str, what: str) -> None:
        session = self._known.get(session_id)
        require(session is not None, LEFT, f"{what} left a session that never began")
        assert session is not None
        now = (pending.answered_at or 0.0) * 1000
        over = session.ended is not None or session.ends_at <= now + CLOCKS
        require(over, LEFT, f"{what} is told that it is over, and it goes on")

    def _granted(self, pending: Pending, data: Item, what: str) -> None:
        session = self._known.get(data["session_id"])
        require(session is not None, NEXT, f"{what} got a session that never began")
        assert session is not None
        late = session.ended is not None and session.ended < pending.started
        require(not late, OVER, f"{what} was granted after the session had ended")
        drawn = generation_of(data) <= len(session.generations)
        require(drawn, NEXT, f"{what} got a generation that nobody has drawn")

    def _refused(self, pending: Pending, details: Item, what: str) -> None:
        session = self._known.get(session_of(pending.body))
        if details["reason"] in ("malformed", "bad_signature"):
            require(session is None, NEXT, f"{what} is ours, and got {details}")
            return
        require(session is not None, NEXT, f"{what} got {details}")
        assert session is not None
        require(session.ended is not None, THIEF, f"{what} got {details}, and it goes on")
        if details["reason"] == "reused":
            latest, asked = len(session.generations), generation_of(pending.body)
            require(asked < latest, THIEF, f"{what} of {latest}")
            if self._clocks_are_right() and asked == latest - 1:
                since = (pending.answered_at or 0.0) - session.drawn_at
                require(since >= GRACE, THIEF, f"{what} of {latest}, after {since:.1f} s")


_TOLD = ("session.started", "session.ended")


def generation_of(body: Any) -> int:
    """Return which of a session's tokens a body has."""
    return int(body["refresh_token"].split(".")[2])


def session_of(body: Any) -> str:
    """Return the session of the token in a body."""
    return str(body["refresh_token"].split(".")[1])
