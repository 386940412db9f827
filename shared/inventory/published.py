"""The events that inventory publishes, and how older versions are read (``events/schemas``)."""

from collections.abc import Mapping

from shared.kernel.events import Upcast

EVENTS: Mapping[str, int] = {
    "inventory.adjusted": 1,
    "inventory.committed": 1,
    "inventory.rejected": 1,
    "inventory.released": 1,
    "inventory.reserved": 2,
}
"""Type → the version that is written today."""

UPCASTS: Mapping[tuple[str, int], Upcast] = {
    ("inventory.reserved", 1): dict,  # what it said is due is read until nothing says it any more
}
"""By (type, version): the step to the next version."""
