"""Reads what an event-sourced aggregate's stream holds: which events, of which versions."""

from collections.abc import Sequence

from shared.kernel.events import DomainEvent, EventEnvelope
from shared.platform.runtime.errors import DatabaseError


class UnreadableEvent(DatabaseError):
    """A stored event is of a type or schema version that this code does not know."""


class EventStream:
    """Decodes one kind of stream: its event classes, by the type that each is stored under."""

    def __init__(self, events: Sequence[type[DomainEvent]]) -> None:
        self._classes = {event.type: event for event in events}

    def decode(self, envelope: EventEnvelope) -> DomainEvent:
        """Return the event; `UnreadableEvent` when it is not of the version of its class."""
        known = self._classes.get(envelope.type)
        if known is None:
            raise UnreadableEvent(f"{envelope.type} v{envelope.schema_version} is unknown")
        if envelope.schema_version != known.schema_version:
            raise UnreadableEvent(
                f"{envelope.type} v{envelope.schema_version} is not v{known.schema_version}"
            )
        return known.from_data(envelope.data)
