"""What the workload and the checks see of the world."""

from collections.abc import Generator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from tools.lab.support.functions import Answer
from tools.lab.support.http_events import Caller


class Asked(Protocol):
    """Something that a function was asked, on its way or answered."""

    @property
    def done(self) -> bool: ...
    @property
    def function(self) -> str: ...
    @property
    def invocation(self) -> str: ...
    @property
    def started(self) -> int: ...
    @property
    def asked_at(self) -> float: ...
    @property
    def answered_at(self) -> float | None: ...
    @property
    def faults(self) -> Sequence[str]: ...


class Pending(Asked, Protocol):
    """A request on its way. ``answer`` stays ``None`` where the client never hears."""

    @property
    def answer(self) -> Answer | None: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def body(self) -> Any: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def query(self) -> Mapping[str, str]: ...
    @property
    def caller(self) -> Caller | Mapping[str, Any] | None: ...
    @property
    def authorized(self) -> Mapping[str, Any] | None: ...


class Errand(Asked, Protocol):
    """A function that somebody has invoked by itself; ``result`` stays ``None`` if it failed."""

    @property
    def result(self) -> Any: ...
    @property
    def error(self) -> str: ...
    @property
    def asked(self) -> Mapping[str, Any]: ...


class Shop(Protocol):
    """The part of the world that people reach."""

    def http(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        caller: Caller | Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        token: str | None = None,
    ) -> Pending:
        """Send a request; somebody else decides when it is carried out.

        With an access *token* the authorizer says who calls, whoever *caller* is.
        """
        ...

    def renew(self) -> None:
        """Have today's code everywhere, in a shop that was opened in older days."""
        ...

    @property
    def clock(self) -> Any:
        """The world's clock: ``now``, in seconds since the epoch."""
        ...

    def ask(self, function: str, event: Mapping[str, Any]) -> Errand:
        """Invoke a function by itself, as operators and schedules do."""
        ...

    def send(self, queue_name: str, body: str) -> None:
        """Put a raw message on a queue."""
        ...

    def put_event(self, source: str, detail_type: str, detail: Mapping[str, Any]) -> None:
        """Put an event on the bus."""
        ...


Wait: TypeAlias = Pending | Errand | float
"""What an actor waits for: the end of a request or an errand, or so many virtual seconds."""

Actor: TypeAlias = Generator[Wait, None, None]
