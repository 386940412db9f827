"""What is known about the invocation in progress: one object, gone when the invocation ends."""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from shared.kernel.events import EventContext, EventEnvelope
from shared.kernel.ids import new_id

_CORRELATION_ID = re.compile(r"[A-Za-z0-9._:=-]{8,128}")
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_LONGEST_ID = 100


@dataclass(slots=True, kw_only=True)
class Idempotency:
    """The client's key for one request, and the fingerprint of what it asked for."""

    principal: str
    route: str
    key: str
    fingerprint: str


@dataclass(slots=True, kw_only=True)
class Inbox:
    """Marks one event as handled by one consumer; ``marked`` once that has been committed."""

    consumer: str
    event_id: str
    marked: bool = False


@dataclass(slots=True, kw_only=True)
class RequestContext:
    """Who asked, under which ids, and how the answer is to be remembered.

    *about* has the ids of what the invocation is about, such as ``order_id`` and ``event_id``:
    every log line carries them. *init_ms* is how long a cold start has taken.
    """

    request_id: str = field(default_factory=new_id)
    correlation_id: str | None = None
    causation_id: str | None = None
    user_id: str | None = None
    role: str | None = None
    actor: str | None = None
    trace: str | None = None
    function_name: str | None = None
    cold_start: bool = False
    init_ms: float | None = None
    about: dict[str, str] = field(default_factory=dict)
    idempotency: Idempotency | None = None
    inbox: Inbox | None = None
    replayed: bool = False
    client_address: str = ""
    log_keys: dict[str, Any] = field(default_factory=dict)

    @property
    def trace_id(self) -> str | None:
        """The root of the trace header ``Root=…;Parent=…;Sampled=…``."""
        return _root(self.trace) if self.trace else None

    def event_context(self) -> EventContext:
        """Return what the events of this invocation carry."""
        return EventContext(
            actor=self.actor or self.user_id,
            request_id=self.request_id,
            correlation_id=self.correlation_id or self.request_id,
            causation_id=self.causation_id,
            trace=self.trace,
        )


@lru_cache(maxsize=4)  # every line of an invocation asks for the same one
def _root(trace: str) -> str | None:
    return next((part[5:] for part in trace.split(";") if part.startswith("Root=")), None)


_current: ContextVar[RequestContext | None] = ContextVar("request_context", default=None)


def current() -> RequestContext:
    """Return the context of this invocation; outside one, an empty context that is not kept."""
    return _current.get() or RequestContext()


def in_invocation() -> bool:
    """Tell whether an invocation is in progress."""
    return _current.get() is not None


@contextmanager
def request_context(**known: Any) -> Iterator[RequestContext]:
    """Open a context with what is *known* (fields of `RequestContext`); restores the outer one."""
    token = _current.set(RequestContext(**known))
    try:
        yield current()
    finally:
        _current.reset(token)


def within(outer: RequestContext, **known: Any) -> AbstractContextManager[RequestContext]:
    """Open a context for one of several things that the invocation of *outer* handles."""
    of_invocation = ("request_id", "function_name", "cold_start", "init_ms")
    return request_context(**{name: getattr(outer, name) for name in of_invocation}, **known)


def correlation_id_of(claimed: str | None, gateway_id: str | None) -> str:
    """Return the id of the story that a request belongs to.

    It is the client's own, if that is sound; else the one that the gateway has given the request,
    which the authorizer and the function see alike; else that of the invocation.
    """
    for candidate in (claimed, gateway_id):
        if candidate and _CORRELATION_ID.fullmatch(candidate):
            return candidate
    return current().request_id


def note_ids(ids: Mapping[str, Any] | None) -> None:
    """Name in the log lines from here on what the invocation is about; the first word stands."""
    about = current().about
    for name, value in (ids or {}).items():
        if value:
            about.setdefault(name, str(value)[:_LONGEST_ID])


def ids_of(event: EventEnvelope) -> dict[str, str]:
    """Return what an event is about: itself, its aggregate, and what its data names by id."""
    named = {k: v for k, v in event.data.items() if k.endswith("_id") and isinstance(v, str)}
    own = {"event_id": event.id, "event_type": event.type}
    return {**own, aggregate_id_name(event.aggregate_type): event.aggregate_id, **named}


@lru_cache(maxsize=64)
def aggregate_id_name(aggregate_type: str) -> str:
    """`BusinessRule` → ``business_rule_id``, the field that holds its id."""
    return f"{_CAPITAL.sub('_', aggregate_type).lower()}_id"


def set_user_id(user_id: str) -> None:
    """Name the user in the log lines and events from here on."""
    current().user_id = user_id


def clear_user_id() -> None:
    """Forget the user."""
    current().user_id = None
