"""Old events in today's shape: what was stored or sent as version n is read as version n + 1.

The one place where the past is translated. Whatever reads an event (the event store, the relay,
a consumer) reads it through `upcast`, so that no code but this knows of an earlier version.
To change an event: a new ``events/schemas/<type>/<n + 1>.json``, ``schema_version`` in its class,
and a step here. Steps are of the published language, which is why they stand in the platform.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shared.kernel.events import EventEnvelope

Upcast = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Turns the data of one version of an event into that of the next; it may not fail."""


def _cancelled_says_whether_it_was_paid(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Version 2 says ``paid``; before, readers had to know which states mean that."""
    return {**data, "paid": data.get("previous_status") in ("paid", "confirmed")}


def _reserved_says_what_is_due(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Version 2 says what is due; before, ``inventory.reserved`` did, and was charged on."""
    return {**data, "customer_id": None, "total": None, "payment_method": None}


def _created_has_category_and_tags(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Version 2 says how the product is grouped; before, nobody could say."""
    return {**data, "category": "uncategorised", "tags": []}


UPCASTS: dict[tuple[str, int], Upcast] = {
    ("inventory.reserved", 1): dict,  # what it said is due is read until nothing says it any more
    ("order.cancelled", 1): _cancelled_says_whether_it_was_paid,
    ("order.reserved", 1): _reserved_says_what_is_due,
    ("product.created", 1): _created_has_category_and_tags,
    ("product.updated", 1): dict,  # version 2 may name category and tags among the changes
}
"""By (type, schema version): the step to the next version."""


def upcast(event: EventEnvelope) -> EventEnvelope:
    """Return *event* in the newest shape there are steps to; one that is new is left as it is."""
    version, data = event.schema_version, event.data
    while (step := UPCASTS.get((event.type, version))) is not None:
        version, data = version + 1, step(data)
    if version == event.schema_version:
        return event
    return replace(event, schema_version=version, data=data)
