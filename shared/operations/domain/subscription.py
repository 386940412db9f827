"""Who listens to what, as the bus knows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


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
