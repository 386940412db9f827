"""Rate limits, written as one says them: ``rate_limit("60 orders a minute per user")``."""

from functools import cache
from typing import Literal, NamedTuple, cast

from shared.platform.runtime.errors import ConfigurationError

Per = Literal["ip", "network", "user", "api_key", "mailbox", "all"]
"""Who is counted; `shared.platform.rate_limits.networks` says what an address counts as.

A caller who has no user counts by the address; a rule per key alone is one for programs, and
counts nobody else. Mailboxes are counted where mails are sent, by no endpoint.
"""

_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
_EVERY = ("a", "an", "every")
_PER = ("ip", "network", "user", "api_key", "mailbox", "all")


class RateLimit(NamedTuple):
    """So many *requests* in *window* seconds for each of whom it counts *per*.

    ``name`` names the rule's counters: within a service, rules of one name share them.
    ``per`` of several counts each combination of them by itself.
    ``burst`` lets a caller spend that many windows at once: ``requests * burst`` within
    ``window * burst`` seconds, the same on average.
    ``paths`` and ``excluded`` are patterns of request paths (``*``, ``?``, ``[…]``).
    ``fail_closed`` refuses everybody while the counters cannot be reached, instead of nobody.
    """

    name: str
    requests: int
    window: int
    per: tuple[Per, ...]
    burst: float = 1
    paths: str = "*"
    excluded: tuple[str, ...] = ()
    fail_closed: bool = False

    @property
    def quota(self) -> int:
        """How many requests one window takes, burst included."""
        return int(self.requests * self.burst)

    @property
    def seconds(self) -> int:
        """How long one window is, burst included."""
        return int(self.window * self.burst)

    def applies_to(self, path: str, *, by_key: bool = False) -> bool:
        """Tell whether a request for *path* counts, which came *by key* or did not."""
        if self.per == ("api_key",) and not by_key:
            return False
        if self.paths == "*" and not self.excluded:
            return True
        from fnmatch import fnmatchcase  # noqa: PLC0415  # few rules have a pattern

        return fnmatchcase(path, self.paths) and not any(
            fnmatchcase(path, pattern) for pattern in self.excluded
        )

    def described(self, *, factor: int = 1) -> dict[str, object]:
        """Return the rule as the OpenAPI document lists it (``x-rate-limits``)."""
        return {
            "name": self.name,
            "requests": self.quota * factor,
            "window_seconds": self.seconds,
            "per": [*self.per],
            "when_unavailable": "refuse" if self.fail_closed else "allow",
        }


@cache
def rate_limit(  # as many as a rule has
    text: str,
    *,
    burst: float = 1,
    paths: str = "*",
    excluded: tuple[str, ...] = (),
    fail_closed: bool = False,
) -> RateLimit:
    """Return the rule that *text* states; `ConfigurationError` if it states none.

    ``<number> <name> a|an|every [<number>] second|minute|hour|day per <who>``, who as `Per` has
    them, several joined by "and": ``"5 reports an hour per user"``, ``"100 log-ins every 10
    minutes per ip and user"``. No regular expression: compiling one costs more than all of this.
    """
    head, _, per = text.rpartition(" per ")
    count, *name, unit = head.split() if " " in head else ("", "")
    length = int(name.pop()) if name and name[-1].isdecimal() else 1
    every = name.pop() if name else ""
    counted = tuple(per.split(" and "))
    seconds = _SECONDS.get(unit.removesuffix("s"), 0) * length
    sound = count.isdecimal() and name and every in _EVERY and seconds
    if not sound or int(count) < 1 or burst < 1 or any(who not in _PER for who in counted):
        raise ConfigurationError(f"no rate limit: {text!r}, burst {burst}")
    who = cast("tuple[Per, ...]", counted)
    return RateLimit("-".join(name), int(count), seconds, who, burst, paths, excluded, fail_closed)
