"""Requests of clients: which function answers them, and what they hear of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tools.lab.simulation.world.templates import Cloud
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import Caller, http_event


@dataclass
class Pending:
    """A request on its way; ``answer`` stays ``None`` when its client never hears of it."""

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
    """Return what API Gateway hands to the function."""
    for route in cloud.routes:
        found = route.pattern.fullmatch(pending.path)
        if route.method == pending.method and found:
            pending.function = route.function
            return http_event(
                pending.method,
                pending.path,
                body=pending.body,
                headers=pending.headers,
                query=pending.query,
                caller=pending.caller,
                path_parameters=found.groupdict(),
                route=route.path,
                request_id=pending.invocation,
            )
    raise LookupError(f"no route for {pending.method} {pending.path}")
