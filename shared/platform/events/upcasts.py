"""Old events in today's shape: what was stored or sent as version n is read as version n + 1.

Whatever reads an event (the event store, the relay, a consumer) reads it through `upcast`, so that
no other code knows of an earlier version. Each context owns the steps of its events
(``shared/<context>/published.py``). Whoever reads them registers them: its own and those of other
contexts in its wiring, a relay in its handler (docs/adr/0025). To change an event: a new
``events/schemas/<type>/<n + 1>.json``, ``schema_version`` in its class, and a step.
"""

from collections.abc import Mapping
from dataclasses import replace

from shared.kernel.events import EventEnvelope, Upcast

UPCASTS: dict[tuple[str, int], Upcast] = {}
"""By (type, schema version): the step to the next version, of the events that are read here."""


def register(*published: Mapping[tuple[str, int], Upcast]) -> None:
    """Have events read with the steps that their contexts have *published*."""
    for steps in published:
        UPCASTS.update(steps)


def upcast(event: EventEnvelope) -> EventEnvelope:
    """Return *event* in the newest shape there are steps to; one that is new is left as it is."""
    version, data = event.schema_version, event.data
    while (step := UPCASTS.get((event.type, version))) is not None:
        version, data = version + 1, step(data)
    if version == event.schema_version:
        return event
    return replace(event, schema_version=version, data=data)
