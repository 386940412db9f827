"""What is known about the invocation in progress: one object, gone when the invocation ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from shared.kernel.events import EventContext
from shared.kernel.ids import new_id


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
    """Who asked, under which ids, and how the answer is to be remembered."""

    request_id: str = field(default_factory=new_id)
    correlation_id: str | None = None
    causation_id: str | None = None
    user_id: str | None = None
    role: str | None = None
    actor: str | None = None
    trace: str | None = None
    function_name: str | None = None
    cold_start: bool = False
    idempotency: Idempotency | None = None
    inbox: Inbox | None = None
    replayed: bool = False
    client_address: str = ""

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


def set_user_id(user_id: str) -> None:
    """Name the user in the log lines and events from here on."""
    current().user_id = user_id


def clear_user_id() -> None:
    """Forget the user."""
    current().user_id = None
