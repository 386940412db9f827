"""What orders is asked on a schedule."""

from collections.abc import Mapping
from typing import Any

from shared.orders.queries.measure_open_orders import MeasureOpenOrders


def measure_command(_: Mapping[str, Any]) -> MeasureOpenOrders:
    """Read the schedule's event, which says only that it is time."""
    return MeasureOpenOrders()
