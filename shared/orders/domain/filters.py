"""Which orders somebody wants to see: specifications over `OrderDetails`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shared.kernel.clock import to_iso
from shared.kernel.specification import Attribute, Comparison, Specification, all_of
from shared.orders.domain.status import OrderStatus


def is_one_of(statuses: Iterable[OrderStatus]) -> Specification[Any]:
    """Orders in one of these states."""
    wanted = sorted({str(each) for each in statuses})
    if len(wanted) == 1:  # which a key that starts with the state can serve
        return Attribute("status", Comparison.EQUAL, wanted[0])
    return Attribute("status", Comparison.IN, tuple(wanted))


def placed_from(moment: datetime) -> Specification[Any]:
    """Orders placed at that moment or later."""
    return Attribute("placed_at", Comparison.AT_LEAST, to_iso(moment))


def placed_before(moment: datetime) -> Specification[Any]:
    """Orders placed before that moment."""
    return Attribute("placed_at", Comparison.LESS, to_iso(moment))


def wanted_orders(
    statuses: Iterable[OrderStatus], earliest: datetime | None, before: datetime | None
) -> Specification[Any] | None:
    """Return what meets everything that is given; ``None`` for every order."""
    parts: list[Specification[Any]] = []
    if statuses := tuple(statuses):
        parts.append(is_one_of(statuses))
    if earliest is not None:
        parts.append(placed_from(earliest))
    if before is not None:
        parts.append(placed_before(before))
    return all_of(parts)
