"""Decides whether one more request is within its rules, exactly and with at most one write.

A counter is for one rule, one caller and one window of time. A request adds one to it on the
condition that the quota is not reached: of any number of callers at once, exactly the quota gets
through. Two things keep a busy counter from becoming a hot item (DynamoDB takes 1 000 writes a
second for one):

- A window that is used up is remembered: whoever keeps asking costs no more writes.
- A rule with a quota above `WRITES_PER_WINDOW` is counted in leases of several permits, so that no
  window costs more writes than that. The quota is never exceeded; permits that a function has
  leased and does not use are lost to the others, a thousandth of the quota for each function.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol
from zlib import crc32

from shared.platform.rate_limits.decisions import Decision, refuse
from shared.platform.rate_limits.networks import counted_as
from shared.platform.rate_limits.rules import RateLimit, rate_limit
from shared.platform.runtime.context import current
from shared.platform.runtime.errors import DatabaseBusy, NetworkError, SystemFault
from shared.platform.runtime.settings import settings
from shared.platform.runtime.snapshot import monotonic
from shared.platform.telemetry.logging import get_logger
from shared.platform.telemetry.metrics import MetricUnit, metrics

WRITES_PER_WINDOW = 1_000
"""How often at most one counter is written within its window, refused attempts aside."""

REST_SECONDS = 5.0
"""How long counters that could not be reached are left alone."""

_MAX_KEPT = 10_000
_MAX_KEPT_SUBJECT = 1_000  # characters; a partition key takes 2 048 bytes


class Counters(Protocol):
    """Where the counting happens."""

    def add(self, key: str, count: int, *, below: int, expires_at: int) -> int | None:
        """Add *count* to counter *key* if it is *below* that; return its new value, else ``None``.

        A counter is not needed after *expires_at* (epoch seconds). Raises `SystemFault` when it
        cannot be reached.
        """
        ...


class LimiterUnavailable(NetworkError):
    """A rule that fails closed could not be counted. The caller is not to blame: 503, not 429."""

    code = "TEMPORARILY_UNAVAILABLE"
    public_message = DatabaseBusy.public_message
    retry_after_seconds = int(REST_SECONDS)


class RateLimiter:
    """Applies rules over shared counters; one per warm function, for one thread."""

    def __init__(
        self,
        counters: Counters,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = monotonic,
        factor: int = 1,
    ) -> None:
        """*factor* multiplies every quota: environments differ in load, not in rules."""
        self._counters = counters
        self._clock = clock
        self._monotonic = monotonic  # of rests: a clock that is set back must not prolong one
        self._factor = factor
        self._kept: dict[str, tuple[int, int]] = {}  # key → permits in hand, remaining in all
        self._resting_until = float("-inf")
        self._counted_for: object = None
        self._counted: set[tuple[str, str | None]] = set()

    def decide(self, rules: Iterable[RateLimit], caller: Mapping[str, str]) -> list[Decision]:
        """Count one request of *caller* (`Per` → who) against every one of *rules*.

        The strictest decides: one refusal refuses. Each rule counts each request, refused by
        another or not. Rules that could not be counted are missing from the answer; one that
        fails closed raises `LimiterUnavailable`.
        """
        taken = (self._take(each, _subject(each, caller)) for each in rules)
        return [decision for decision in taken if decision is not None]

    def check(self, text: str, *, of: str | None = None) -> None:
        """Count one more against the rule that *text* states; `RateLimitExceeded` when too many.

        For use cases: ``check("5 reports an hour per user", of=user_id)``. Without *of* it
        counts by whoever sent the request. A request counts once, however often its use case is
        tried again because somebody else was faster.
        """
        context, stated = current(), rate_limit(text)
        who = dict(counted_as(context.client_address))
        if context.user_id:
            who["user"] = context.user_id
        if of:
            who.update((each, of) for each in stated.per)
        if self._counted_for is not context:
            self._counted_for, self._counted = context, set()
        if (text, of) not in self._counted:
            refuse(self.decide((stated,), who))
            self._counted.add((text, of))

    def _take(self, stated: RateLimit, subject: str) -> Decision | None:
        limit, seconds, now = stated.quota * self._factor, stated.seconds, int(self._clock())
        # Windows start at a moment of each caller's own: not everybody comes back at once.
        name = f"{stated.name}#{subject}"
        index, gone = divmod(now + crc32(name.encode()), seconds)
        key, reset = f"{name}#{index}", seconds - gone
        in_hand, remaining = self._kept.get(key, (-1, 0))
        if in_hand < 0:
            if (leased := self._lease(stated, key, limit, now + reset)) is None:
                return None
            in_hand, remaining = leased
        allowed = in_hand > 0
        if allowed:
            in_hand, remaining = in_hand - 1, remaining - 1
        if in_hand or not remaining:  # a lease to spend from, or an end to remember
            self._keep(key, in_hand, remaining)
        else:
            self._kept.pop(key, None)
        if not allowed:
            metrics.add_metric("RateLimited", MetricUnit.Count, 1, rule=stated.name)
            get_logger(settings().service).info(
                "rate limit reached", rule=stated.name, subject=subject, reset_seconds=reset
            )
        return Decision(stated.name, allowed, limit, remaining, reset, seconds)

    def _lease(self, stated: RateLimit, key: str, limit: int, end: int) -> tuple[int, int] | None:
        """Take permits; return how many are in hand and how many remain, these included.

        ``None`` when the counters cannot be reached and the rule lets requests pass then.
        """
        size = -(-limit // WRITES_PER_WINDOW)
        if self._monotonic() < self._resting_until:
            self._uncounted(stated, "the counters were out of reach a moment ago")
            return None
        try:
            taken = self._counters.add(key, size, below=limit, expires_at=end)
        except SystemFault as fault:
            self._resting_until = self._monotonic() + REST_SECONDS
            self._uncounted(stated, str(fault))
            return None
        if taken is None:
            return 0, 0
        leased = size - max(0, taken - limit)
        return leased, leased + max(0, limit - taken)

    def _uncounted(self, stated: RateLimit, reason: str) -> None:
        metrics.add_metric("RateLimiterUnavailable", MetricUnit.Count, 1, rule=stated.name)
        get_logger(settings().service).error(
            "rate limit not counted",
            rule=stated.name,
            reason=reason,
            requests="refused" if stated.fail_closed else "allowed",
        )
        if stated.fail_closed:
            raise LimiterUnavailable(f"{stated.name}: {reason}")

    def _keep(self, key: str, in_hand: int, remaining: int) -> None:
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()  # whoever is forgotten costs one more write
        self._kept[key] = in_hand, remaining


def _subject(stated: RateLimit, caller: Mapping[str, str]) -> str:
    parts = []
    for who in stated.per:
        found = who if who in caller else "ip"
        parts.append(f"{found}:{caller.get(found, 'unknown')}")
    return "|".join(dict.fromkeys(parts))[:_MAX_KEPT_SUBJECT]
