"""The front door's routing table, read from the deployed CloudFront distribution.

The local front door has no table of its own, so it cannot drift from the root template.
"""

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Requests whose path matches go to *api_id*, with the origin's own headers added."""

    path: re.Pattern[str]
    methods: frozenset[str]
    api_id: str
    origin_headers: dict[str, str]


class FrontDoorMisconfigured(Exception):
    """The distribution cannot be served locally."""


def read_behaviours(distribution: dict[str, Any]) -> list[Behaviour]:
    """Turn a `DistributionConfig` into behaviours, first match wins, the default last."""
    origins = {origin["Id"]: origin for origin in distribution["Origins"]["Items"]}
    ordered = [
        (_pattern(behaviour["PathPattern"]), behaviour)
        for behaviour in distribution.get("CacheBehaviors", {}).get("Items", [])
    ]
    ordered.append((re.compile(""), distribution["DefaultCacheBehavior"]))
    return [
        _behaviour(path, behaviour, origins[behaviour["TargetOriginId"]])
        for path, behaviour in ordered
    ]


def find_behaviour(behaviours: list[Behaviour], path: str) -> Behaviour:
    """Return the first behaviour whose pattern matches *path* (without query)."""
    return next(behaviour for behaviour in behaviours if behaviour.path.match(path))


def _behaviour(
    path: re.Pattern[str], behaviour: dict[str, Any], origin: dict[str, Any]
) -> Behaviour:
    domain = origin["DomainName"]
    api_id, service, *_ = domain.split(".")
    if service != "execute-api":
        raise FrontDoorMisconfigured(f"origin {domain} is not an HTTP API")
    headers = origin.get("CustomHeaders", {}).get("Items", [])
    return Behaviour(
        path=path,
        methods=frozenset(behaviour.get("AllowedMethods", {}).get("Items", ["GET", "HEAD"])),
        api_id=api_id,
        origin_headers={header["HeaderName"]: header["HeaderValue"] for header in headers},
    )


def _pattern(path_pattern: str) -> re.Pattern[str]:
    """CloudFront's patterns: ``*`` any characters, ``?`` one; case counts, `/` may lead."""
    escaped = re.escape("/" + path_pattern.removeprefix("/"))
    return re.compile(escaped.replace(r"\*", ".*").replace(r"\?", ".") + r"\Z", re.DOTALL)
