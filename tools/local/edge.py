"""What a CloudFront distribution does besides leading requests to their services.

Read from the deployed resources, as the routing table is: what the templates do not say is not
done here either, and what CloudFront does unasked is.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tools.local.messages import Headers

ERROR_SECONDS = 10.0
"""How long CloudFront keeps an error if nobody says otherwise, whatever ``Cache-Control`` says."""

KEPT_ERRORS = (404, 414, 500, 501, 502, 503, 504)
"""The errors that it keeps so."""

_SECURITY: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    "ContentTypeOptions": lambda _: ("x-content-type-options", "nosniff"),
    "FrameOptions": lambda each: ("x-frame-options", each["FrameOption"]),
    "ReferrerPolicy": lambda each: ("referrer-policy", each["ReferrerPolicy"]),
    "StrictTransportSecurity": lambda each: (
        "strict-transport-security",
        f"max-age={each['AccessControlMaxAgeSec']}"
        + ("; includeSubDomains" if each.get("IncludeSubdomains") else ""),
    ),
    "ContentSecurityPolicy": lambda each: (
        "content-security-policy",
        each["ContentSecurityPolicy"],
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a viewer gets."""

    status: int
    headers: Headers
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class RateRule:
    """At most *limit* requests of one address in *seconds*; the next get *answer*."""

    limit: int
    seconds: float
    answer: Answer


@dataclass(slots=True)
class Edge:
    """The distribution's own doing, for one front door."""

    error_seconds: Mapping[int, float] = field(default_factory=dict)
    key_headers: frozenset[bytes] = frozenset()
    encodings: Sequence[bytes] | None = None
    """What `Accept-Encoding` may say, best first; ``None`` where it is passed on as it comes."""
    longest: float = 0.0
    """How long an answer is kept at the most, whatever it says of itself."""
    headers: Headers = field(default_factory=list)
    rate: RateRule | None = None
    clock: Callable[[], float] = time.monotonic
    _kept: dict[Any, tuple[float, Answer]] = field(default_factory=dict)
    _asked: dict[str, tuple[float, int]] = field(default_factory=dict)

    def refused(self, address: str) -> Answer | None:
        """Count a request of *address*; return what it gets when that is one too many."""
        if self.rate is None:
            return None
        until, count = self._asked.get(address, (0.0, 0))
        now = self.clock()
        if now >= until:
            until, count = now + self.rate.seconds, 0
        self._asked[address] = (until, count + 1)
        return self.rate.answer if count >= self.rate.limit else None

    def normalised(self, headers: Headers) -> Headers:
        """Return *headers* as CloudFront sends them on: with one of few ``Accept-Encoding``."""
        if self.encodings is None:
            return headers
        said = b",".join(value for name, value in headers if name.lower() == b"accept-encoding")
        taken = [each for each in self.encodings if each in _accepted(said)]
        others = [pair for pair in headers if pair[0].lower() != b"accept-encoding"]
        return others + ([(b"accept-encoding", b",".join(taken))] if taken else [])

    def key(self, method: str, target: str, headers: Iterable[tuple[bytes, bytes]]) -> Any:
        """Return what an answer is kept under; nothing for a request whose answer is not kept."""
        if method not in ("GET", "HEAD"):
            return None
        names = self.key_headers | ({b"accept-encoding"} if self.encodings else set())
        told = frozenset(pair for pair in headers if pair[0].lower() in names)
        return method, target, told

    def kept(self, key: Any) -> Answer | None:
        """Return an answer that is still kept under *key*."""
        until, answer = self._kept.get(key, (0.0, None))
        return answer if answer is not None and self.clock() < until else None

    def keep(self, key: Any, answer: Answer) -> None:
        """Keep an answer for as long as CloudFront would."""
        seconds = 0.0
        if answer.status in KEPT_ERRORS:
            seconds = self.error_seconds.get(answer.status, ERROR_SECONDS)
        elif answer.status == HTTPStatus.OK:
            seconds = min(_fresh_seconds(answer.headers), self.longest)
        if key is not None and seconds > 0:
            self._kept[key] = (self.clock() + seconds, answer)

    def completed(self, headers: Headers) -> Headers:
        """Return *headers* with those of the distribution that they lack."""
        there = {name.lower() for name, _ in headers}
        return headers + [pair for pair in self.headers if pair[0] not in there]


def _accepted(said: bytes) -> set[bytes]:
    """Return the encodings that an ``Accept-Encoding`` names and does not rule out."""
    found = set()
    for each in said.lower().split(b","):
        name, _, quality = each.replace(b" ", b"").partition(b";q=")
        if not re.fullmatch(rb"0(\.0*)?", quality):
            found.add(name)
    return found


def _fresh_seconds(headers: Headers) -> float:
    """Return how long an answer says that others may be given it."""
    said = b",".join(value for name, value in headers if name.lower() == b"cache-control")
    words = dict(
        each.strip().lower().partition(b"=")[::2] for each in said.split(b",") if each.strip()
    )
    if {b"private", b"no-store", b"no-cache"} & words.keys():
        return 0.0
    seconds = words.get(b"s-maxage", words.get(b"max-age", b""))
    return float(seconds) if seconds.isdigit() else 0.0


def read_edge(
    distribution: Mapping[str, Any],
    *,
    cache_policy: Mapping[str, Any],
    headers_policy: Mapping[str, Any],
    acl: Mapping[str, Any] | None,
) -> Edge:
    """Return what the deployed resources say; *acl* is the distribution's, if it has one."""
    errors = distribution.get("CustomErrorResponses", {}).get("Items", [])
    keyed = cache_policy["ParametersInCacheKeyAndForwardedToOrigin"]
    names = keyed["HeadersConfig"]
    asked = [
        name.lower().encode()
        for flag, name in (("Brotli", "br"), ("Gzip", "gzip"))
        if keyed.get(f"EnableAcceptEncoding{flag}")
    ]
    security = headers_policy.get("SecurityHeadersConfig", {})
    sent = [_SECURITY[name](each) for name, each in security.items() if name in _SECURITY]
    return Edge(
        error_seconds={
            int(each["ErrorCode"]): float(each["ErrorCachingMinTTL"]) for each in errors
        },
        key_headers=frozenset(
            name.lower().encode() for name in names.get("Headers", {}).get("Items", [])
        ),
        encodings=asked or None,
        longest=float(cache_policy.get("MaxTTL", 0)),
        headers=[(name.encode(), value.encode()) for name, value in sent],
        rate=_rate_rule(acl) if acl else None,
    )


def _rate_rule(acl: Mapping[str, Any]) -> RateRule | None:
    for rule in acl.get("Rules", []):
        counted = rule["Statement"].get("RateBasedStatement")
        if counted is None:
            continue
        said = rule["Action"]["Block"]["CustomResponse"]
        bodies = acl.get("CustomResponseBodies", {})  # the emulator forgets them
        text = bodies.get(said["CustomResponseBodyKey"], {}).get("Content", "").encode()
        headers = {each["Name"]: each["Value"] for each in said["ResponseHeaders"]}
        headers |= {"content-type": "application/json", "content-length": str(len(text))}
        pairs = [(name.encode(), str(value).encode()) for name, value in headers.items()]
        answer = Answer(int(said["ResponseCode"]), pairs, text)
        return RateRule(int(counted["Limit"]), float(counted["EvaluationWindowSec"]), answer)
    return None
