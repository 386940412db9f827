"""Who listens to what, as the bus knows it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared.kernel.errors import NotFound


class ConsumerUnknown(NotFound):
    """No rule of the bus leads to a consumer of this name."""

    code = "CONSUMER_UNKNOWN"

    def __init__(self, name: str, known: Collection[str]) -> None:
        super().__init__(details={"consumer": name[:100], "consumers": sorted(known)})


class Filter(Protocol):
    """What a consumer's rule lets through."""

    def __call__(self, event: Mapping[str, Any], /) -> bool:
        """Tell whether a bus event gets to the consumer."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A consumer behind its queue. ``sources`` are the contexts whose events its rule names."""

    consumer: str
    sources: tuple[str, ...]
    wants: Filter
    queue: str
    dead_letters: str
