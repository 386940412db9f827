"""The events that payments publish (``events/schemas``)."""

from collections.abc import Mapping

EVENTS: Mapping[str, int] = {
    "payment.failed": 1,
    "payment.refunded": 1,
    "payment.succeeded": 1,
    "payment.voided": 1,
}
"""Type → the version that is written today."""
