"""The events that notifications publish (``events/schemas``)."""

from collections.abc import Mapping

EVENTS: Mapping[str, int] = {
    "contact.recorded": 1,
    "notification.sent": 1,
    "sales.told": 1,
}
"""Type → the version that is written today."""
