"""Answers are true: successes happened, refusals changed nothing, errors are honest."""

from collections.abc import Callable
from typing import Any

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.refusals import check_reason
from tools.lab.simulation.checks.requests import (
    FOR_MINUTES,
    FORGOTTEN,
    REMEMBERED,
    Keyed,
    Requests,
    fingerprint,
)
from tools.lab.simulation.checks.successes import SUCCESS, check_success
from tools.lab.simulation.checks.violation import broken, require
from tools.lab.simulation.workload.client import IN_FLIGHT
from tools.lab.simulation.workload.ports import Pending
from tools.lab.simulation.world.faults import Fault
from tools.lab.support.functions import Answer

REFUSAL = "answers: a refusal changes nothing, and has its reason"
HONEST = "answers: a 5xx has its fault"
FORGETS = "idempotency: an answer is remembered for a day"
ONE_ANSWER = "idempotency: the same key gets the same answer"
SLOW = frozenset({Fault.SLOW, Fault.LOST_ANSWER, Fault.LOST_REQUEST, Fault.LATE_EFFECT})
"""What may take so long that an invocation runs out of time."""
REUSED = "IDEMPOTENCY_KEY_REUSED"
_READINESS = "gateway.ready"
"""Its 503 is no error of its own: it says who does not answer."""
FAIL_CLOSED = ("identity.register", "identity.log_in")
_QUESTIONS = ("catalog.validate_against_rules",)
"""A POST for the size of what is asked: nothing comes of it."""
_MAYBE_DONE = (
    "identity.refresh_tokens",
    "identity.log_out",
    "identity.deactivate_user",
    "identity.reactivate_user",
)
"""What may have been done by another request, which the answer is the same to."""
_TAKEN_BACK = ("LOG_IN_SPENT", "INVALID_REFRESH_TOKEN", "API_KEY_SHOWN")
"""What was granted may be over since: `sessions` looks whether it is. Or is shown just once."""
RESTS = 10.0
"""Seconds in which counters that failed may still be left alone: five, and some to answer in."""


class Answers:
    """Looks at every answer to a command."""

    def __init__(
        self, books: Books, requests: Requests, clocks_are_right: Callable[[], bool]
    ) -> None:
        self._clocks_are_right = clocks_are_right
        self._books = books
        self._requests = requests
        self._failed_at: dict[str, float] = {}

    def answered(self, pending: Pending) -> None:
        """Hold an answer to what the request has changed."""
        answer = pending.answer
        if pending.faults:
            self._failed_at[pending.function] = pending.answered_at or 0.0
        if answer is None or answer.status >= 500:
            self._honest(pending, answer)
        elif answer.status >= 400:
            self._refused(pending, answer)
        elif pending.method != "GET":
            self._succeeded(pending, answer)

    def _honest(self, pending: Pending, answer: Answer | None) -> None:
        if answer is not None and pending.function == _READINESS and answer.data is not None:
            down = [e["name"] for e in answer.data["dependencies"] if e["status"] != "ok"]
            require(down and pending.faults, HONEST, f"{_name(pending)}: {answer.data}")
            return
        what = "no answer" if answer is None else f"{answer.status} {answer.code}"
        failing = pending.faults or self._rests(pending, answer)
        require(failing, HONEST, f"{_name(pending)} got {what} and nothing had failed")
        if answer is not None:
            unexpected = answer.code == "INTERNAL_ERROR"
            faults = list(pending.faults)
            require(not unexpected, HONEST, f"{_name(pending)} got {what} after {faults}")
            in_time = answer.status != 504 or not SLOW.isdisjoint(pending.faults)
            require(in_time, HONEST, f"{_name(pending)} got {what} after {faults}: none is slow")

    def _rests(self, pending: Pending, answer: Answer | None) -> bool:
        """Tell whether the counters of log-ins and registrations failed a moment ago.

        These fail closed, and a container leaves counters that failed alone for some seconds.
        """
        now = pending.answered_at or 0.0
        if answer is None or answer.code != "TEMPORARILY_UNAVAILABLE":
            return False
        return (
            pending.function in FAIL_CLOSED
            and now - self._failed_at.get(pending.function, -RESTS) < RESTS
        )

    def _refused(self, pending: Pending, answer: Answer) -> None:
        effects = self._books.effects.get(pending.invocation, [])
        code = answer.code
        what = f"{_name(pending)} got {answer.status} {code}"
        if code != IN_FLIGHT and code not in _TAKEN_BACK:
            require(not effects, REFUSAL, f"{what} and changed something")
        check_reason(self._books, pending, code)
        keyed = self._requests.keyed(pending)
        if keyed is None:
            require(code not in (IN_FLIGHT, REUSED), REFUSAL, f"{what} without a key")
            return
        if code == REUSED:
            others = set(keyed.fingerprints) - {fingerprint(pending)}
            require(others, REFUSAL, f"{what}, and asked for the same thing before")
        elif code == IN_FLIGHT:
            alone = not self._requests.overlapped(pending) and not pending.faults
            require(not alone, REFUSAL, f"{what} and was alone")
        elif (
            code not in _TAKEN_BACK
            and self._stands(keyed, pending)
            and keyed.committed_as == fingerprint(pending)
        ):
            broken(ONE_ANSWER, f"{what}; this key was answered with success before")

    def _succeeded(self, pending: Pending, answer: Answer) -> None:
        what = f"{_name(pending)} got {answer.status} {answer.data}"
        replayed = _replayed(answer)
        effects = self._books.effects.get(pending.invocation, [])
        keyed = self._requests.keyed(pending)
        if keyed is not None and self._stands(keyed, pending):
            same = keyed.committed_as == fingerprint(pending)
            require(same, ONE_ANSWER, f"{what} to another request than the key's first")
        if replayed:
            if keyed is None:
                broken(ONE_ANSWER, f"{what} as a replay without a key")
            since = pending.asked_at - (keyed.committed_at or 0.0)
            require(since < FORGOTTEN, FORGETS, f"{what}, remembered for {since:.0f} s")
        elif pending.function in _QUESTIONS:
            require(not effects, SUCCESS, f"{what} and something was committed")
        elif pending.method == "POST" and pending.function not in _MAYBE_DONE:
            require(effects, SUCCESS, f"{what} and nothing was committed")
        if keyed is not None:
            self._same(pending, answer, keyed, what)
        check_success(self._books, pending, answer.data, what)

    def _same(self, pending: Pending, answer: Answer, keyed: Keyed, what: str) -> None:
        first = keyed.answer
        now = pending.answered_at or 0.0
        if (
            first is None
            or keyed.committed_at is None
            or (pending.function in FOR_MINUTES and not _replayed(answer))
        ):
            keyed.answer, keyed.answered_step = answer, pending.started
            keyed.answered_at = now
        elif now - keyed.committed_at < REMEMBERED:
            one, two = _lasting(first), _lasting(answer)
            require(one == two, ONE_ANSWER, f"{what}; the first time: {first.data}")
            then, left = _seconds_left(first), _seconds_left(answer)
            gone = int(now - keyed.answered_at)
            ages = left <= max(0, then - gone + 1) or not self._clocks_are_right()
            require(ages, ONE_ANSWER, f"{what}, {gone} s later")

    def _stands(self, keyed: Keyed, pending: Pending) -> bool:
        """Tell whether the key's effect was there when the request came, and is remembered."""
        asked, now = pending.asked_at, pending.answered_at or 0.0
        committed = keyed.committed_at
        if committed is None or pending.function in FOR_MINUTES:
            return False
        return committed < asked and now - committed < REMEMBERED


_AGES = ("access_token", "expires_in")


def _lasting(answer: Answer) -> Any:
    """Return what a repetition has to repeat: a token is signed anew each time, and ages."""
    data = answer.data
    if isinstance(data, dict):
        data = {name: value for name, value in data.items() if name not in _AGES}
    return answer.status, data


def _seconds_left(answer: Answer) -> int:
    """Return how long what was answered is good for; 0 for what does not end."""
    data = answer.data if isinstance(answer.data, dict) else {}
    return int(data.get("expires_in", 0))


def _header(answer: Answer, name: str) -> str:
    return next((v for key, v in answer.headers.items() if key.lower() == name), "")


def _replayed(answer: Answer) -> bool:
    return _header(answer, "idempotency-replayed") == "true"


def _name(pending: Pending) -> str:
    return f"{pending.method} {pending.path} ({pending.invocation})"
