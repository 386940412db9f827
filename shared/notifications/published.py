"""The events that notifications publish (``events/schemas``)."""

from collections.abc import Mapping

EVENTS: Mapping[str, int] = {
    "contact.recorded": 1,
    "notification.attempted": 1,
    "notification.refused": 1,
    "notification.sent": 1,
    "notification.undelivered": 1,
    "sales.attempted": 1,
    "sales.refused": 1,
    "sales.told": 1,
}
"""Type → the version that is written today."""
