"""The events that operations publish (``events/schemas``)."""

from collections.abc import Mapping

EVENTS: Mapping[str, int] = {
    "flag.changed": 1,
}
"""Type → the version that is written today."""
