"""Requests of clients: which function answers them, and what they hear of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import Any

from tools.lab.simulation.world.templates import Cloud
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import Caller, http_event

AUTHORIZE = "identity.authorize"
ARN = "arn:aws:execute-api:eu-central-1:000000000000:api/$default/ANY/"


@dataclass
class Errand:
    """A function that is invoked by itself, by an operator or a schedule, not by HTTP.

    ``result`` stays ``None`` when it failed, or when whoever asked never hears of it.
    """

    function: str
    asked: Mapping[str, Any]
    invocation: str
    asked_at: float
    started: int
    answered_at: float | None = None
    done: bool = False
    result: Any = None
    error: str = ""
    faults: list[str] = field(default_factory=list)


@dataclass
class Pending:
    """A request on its way; ``answer`` stays ``None`` when its client never hears of it.

    ``authorized`` is what the authorizer said of its token, where one came with it.
    """

    method: str
    path: str
    body: Any
    headers: Mapping[str, str]
    query: Mapping[str, str]
    caller: Caller | Mapping[str, Any] | None
    invocation: str
    asked_at: float
    function: str = ""
    started: int = 0
    authorized: Mapping[str, Any] | None = None
    answered_at: float | None = None
    done: bool = False
    response: Mapping[str, Any] | None = None
    faults: list[str] = field(default_factory=list)

    @cached_property
    def _answer(self) -> Answer | None:
        return None if self.response is None else Answer.of(self.response)

    @property
    def answer(self) -> Answer | None:
        """What the client heard; ``None`` if nothing (yet)."""
        return self._answer if self.done else None


def event_of(cloud: Cloud, pending: Pending) -> dict[str, Any]:
    """Return what API Gateway hands to the function, and name that in *pending*."""
    pending.function, route, named = _function_for(cloud, pending)
    return http_event(
        pending.method,
        pending.path,
        body=pending.body,
        headers=pending.headers,
        query=pending.query,
        caller=pending.caller,
        path_parameters=named,
        route=route,
        request_id=pending.invocation,
    )


def authorizer_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return what API Gateway asks the authorizer of a request: its event, without a body.

    docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
    """
    left_out = ("body", "isBase64Encoded")
    asked = {name: value for name, value in event.items() if name not in left_out}
    return {**asked, "type": "REQUEST", "routeArn": ARN, "identitySource": None}


def _function_for(cloud: Cloud, pending: Pending) -> tuple[str, str, Mapping[str, str]]:
    """Return who answers, by which route, and what its path names."""
    for route in cloud.routes:
        found = route.pattern.fullmatch(pending.path)
        if route.method == pending.method and found:
            return route.function, route.path, found.groupdict()
    return _unmatched(cloud, pending.path), "$default", {}


def _unmatched(cloud: Cloud, path: str) -> str:
    """Return what answers where there is no such route: the service with the nearest ones."""

    def shared(route: str) -> int:
        pairs = zip(route.split("/"), path.split("/"), strict=False)
        return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))

    nearest = max(cloud.routes, key=lambda route: shared(route.path))
    return cloud.unmatched[nearest.function.partition(".")[0]]
