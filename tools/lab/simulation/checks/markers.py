"""One request, one key, one event: one effect each, and its marker commits with it."""

import re
from collections import Counter
from collections.abc import Mapping

from tools.lab.simulation.checks.facts import Commit, Fact
from tools.lab.simulation.checks.requests import ANONYMOUS, Name, Requests
from tools.lab.simulation.checks.violation import require

_OF_A_VISITOR = re.compile(r"#[0-9a-f]{64}$")
INBOX = "inbox: an event is handled once, and its marker commits with the effect"
IDEMPOTENCY = "idempotency: a key has one effect, and its answer commits with it"
STRANGERS = "idempotency: two who do not know each other never meet in one record"
ONE_EFFECT = "a request has one effect"
_OF_A_REFUSAL = "security.token_reused"
"""What a request leaves behind that is refused for it: no answer is remembered."""
_NOT_REMEMBERED = "identity.log_out"
"""Whoever repeats it is told the same: it is about the session that they are in."""
_BETWEEN = frozenset(
    {
        "contact.recorded",
        "notification.attempted",
        "notification.refused",
        "notification.undelivered",
        "sales.attempted",
        "sales.refused",
    }
)
"""Events of a mail on its way: they are on record before it is known what becomes of it."""


class Markers:
    """Follows inbox markers and idempotency records."""

    def __init__(self, consumers: frozenset[str], requests: Requests) -> None:
        self.handled: Counter[tuple[str, str]] = Counter()
        self._consumers = consumers
        self._requests = requests
        self._effects: Counter[str] = Counter()
        self._records: dict[str, Name] = {}
        self._named: dict[Name, str] = {}
        self._rebuilt: set[tuple[str, str]] = set()

    def after_step(self, commit: Commit) -> None:
        """Hold an effect to the marker that belongs to it."""
        for fact in commit.facts:
            if fact.sk == "INBOX" and fact.new is not None:
                self._inbox(fact, commit)
        if not commit.has_effect or commit.function == "time to live":
            return
        if commit.function in self._consumers:
            types = {event.new["type"] for event in commit.events if event.new}
            if types and types <= _BETWEEN:
                return
            marks = [f for f in commit.facts if f.sk == "INBOX" and f.new is not None]
            keys = [fact.pk for fact in commit.facts]
            require(len(marks) == 1, INBOX, f"{commit.invocation} wrote {keys} in one commit")
        elif commit.invocation in self._requests.all:
            self._request(commit)

    def _inbox(self, fact: Fact, commit: Commit) -> None:
        consumer, _, event_id = fact.id.partition("#")
        name, _, run = consumer.partition("@")
        require(name == commit.function, INBOX, f"{commit.function} marked {fact.pk} as handled")
        if run:  # a rebuild of that name: it is known apart from all else
            require((consumer, event_id) not in self._rebuilt, INBOX, f"{fact.pk} again")
            self._rebuilt.add((consumer, event_id))
            return
        self.handled[consumer, event_id] += 1
        times = self.handled[consumer, event_id]
        require(times == 1, INBOX, f"{consumer} handled {event_id} {times} times")

    def _request(self, commit: Commit) -> None:
        self._effects[commit.invocation] += 1
        effects = self._effects[commit.invocation]
        pending = self._requests.all[commit.invocation]
        what = f"{pending.method} {pending.path} ({commit.invocation})"
        require(effects == 1, ONE_EFFECT, f"{what} had {effects}")
        key = _key(pending.headers)
        if key is None or pending.method in ("GET", "HEAD"):
            return
        told = {event.new["type"] for event in commit.events if event.new is not None}
        if _OF_A_REFUSAL in told or commit.function == _NOT_REMEMBERED:
            return
        records = [f for f in commit.facts if f.sk == "IDEMPOTENCY" and f.new is not None]
        principal = self._requests.principal(pending)
        named = len(records) == 1 and _names(records[0], principal, key)
        found = [record.pk for record in records]
        require(named, IDEMPOTENCY, f"{what} with key {key} of {principal} committed {found}")
        name = self._requests.name(pending)
        assert name is not None
        record = records[0].pk
        other = self._records.setdefault(record, name)
        require(other == name, STRANGERS, f"{what}: {record} is of {other}, too")
        again = self._named.setdefault(name, record)
        require(again == record, STRANGERS, f"{what}: {record}, and {again} before")
        self._requests.committed(pending, commit.now)


def _names(record: Fact, principal: str, key: str) -> bool:
    """Tell whether the record is the key's and the principal's; a visitor's key is an HMAC."""
    whose, _, rest = record.id.partition("#")
    if principal == ANONYMOUS:
        right = _OF_A_VISITOR.search(rest) is not None and key not in rest
    else:
        right = rest.endswith(f"#{key}")
    return whose == principal and rest.startswith(("POST ", "PUT ", "PATCH ", "DELETE ")) and right


def _key(headers: Mapping[str, str]) -> str | None:
    return headers.get("Idempotency-Key")
