"""Every request of a run, and which of them are one request by their key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import Caller

REMEMBERED = 23 * 3_600.0
"""Seconds for which an answer is remembered for sure: a day, less what clocks may be wrong."""
FORGOTTEN = 25 * 3_600.0
"""Seconds after which an answer is not remembered any more, whatever the clocks say."""

FOR_MINUTES = frozenset({"identity.log_in", "identity.refresh_tokens"})
"""What is remembered for less than clocks may be wrong: nothing is sure about a repetition."""

ONE_KEY = "idempotency: a key has one effect, and its answer commits with it"

ANONYMOUS = "anonymous"

Name = tuple[str, str, str]
"""Principal, function, key."""


@dataclass
class Keyed:
    """All requests of one key: bodies sent, when it had its effect, what it was answered."""

    fingerprints: list[str] = field(default_factory=list)
    committed_at: float | None = None
    committed_as: str = ""
    answered_step: int | None = None
    answer: Answer | None = None
    answered_at: float = 0.0
    open: int = 0


def fingerprint(pending: Pending) -> str:
    """Return what makes two requests the same: path and body."""
    return json.dumps([pending.path, pending.body], sort_keys=True)


class Requests:
    """Follows requests from the asking to the answer."""

    def __init__(self) -> None:
        self.all: dict[str, Pending] = {}
        self.keys: dict[Name, Keyed] = {}
        self._shared: set[str] = set()

    def asked(self, pending: Pending) -> None:
        """Note a request that sets out."""
        self.all[pending.invocation] = pending
        keyed = self.keyed(pending)
        if keyed is not None:
            keyed.fingerprints.append(fingerprint(pending))
            keyed.open += 1
            if keyed.open > 1:
                name = self.name(pending)
                self._shared |= {i for i, p in self.all.items() if self.name(p) == name}

    def answered(self, pending: Pending) -> None:
        """Note that it is done, whether or not its client hears of it."""
        keyed = self.keyed(pending)
        if keyed is not None:
            keyed.open -= 1

    def keyed(self, pending: Pending) -> Keyed | None:
        """Return what is known of the request's key; ``None`` for one without."""
        name = self.name(pending)
        return None if name is None else self.keys.setdefault(name, Keyed())

    def overlapped(self, pending: Pending) -> bool:
        """Tell whether another request with the same key was under way at the same time."""
        return pending.invocation in self._shared

    def committed(self, pending: Pending, now: float) -> None:
        """Note that the request had its effect; its key may have had none for a day."""
        keyed = self.keyed(pending)
        assert keyed is not None
        before = keyed.committed_at
        what = f"{pending.path} ({pending.invocation})"
        if before is not None:
            late = now - before >= REMEMBERED or pending.function in FOR_MINUTES
            require(late, ONE_KEY, f"{what} had a second effect after {now - before:.0f} s")
            keyed.answer, keyed.answered_step = None, None
        keyed.committed_at, keyed.committed_as = now, fingerprint(pending)

    @staticmethod
    def principal(pending: Pending) -> str:
        """Return who asks, as idempotency knows them."""
        caller = pending.caller
        return caller.user_id if isinstance(caller, Caller) else ANONYMOUS

    def name(self, pending: Pending) -> Name | None:
        """Return what the request is known by, if it is to be known again."""
        headers: Mapping[str, str] = pending.headers
        key = headers.get("Idempotency-Key")
        if key is None or pending.method in ("GET", "HEAD"):
            return None
        principal = self.principal(pending)
        if principal == ANONYMOUS:  # known by key and body alone
            key = f"{key} {fingerprint(pending)}"
        return principal, pending.function, key
