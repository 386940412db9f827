"""What the workload and the checks see of the world."""

from collections.abc import Generator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from tests.support.functions import Answer
from tests.support.http_events import Caller


class Pending(Protocol):
    """A request on its way. ``answer`` stays ``None`` where the client never hears."""

    done: bool
    answer: Answer | None
    invocation: str
    function: str
    started: int
    asked_at: float
    answered_at: float | None
    faults: Sequence[str]
    method: str
    path: str
    body: Any
    headers: Mapping[str, str]
    caller: Caller | Mapping[str, Any] | None


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
    ) -> Pending:
        """Send a request; somebody else decides when it is carried out."""
        ...

    def send(self, queue_name: str, body: str) -> None:
        """Put a raw message on a queue."""
        ...

    def put_event(self, source: str, detail_type: str, detail: Mapping[str, Any]) -> None:
        """Put an event on the bus."""
        ...


Wait: TypeAlias = Pending | float
"""What an actor waits for: a request's end, or so many virtual seconds."""

Actor: TypeAlias = Generator[Wait, None, None]
