"""What requests about orders name, and whose orders the caller may touch."""

from typing import Annotated

from shared.kernel.ids import is_id
from shared.orders.domain.errors import OrderNotFound
from shared.platform.access.permissions import Permission
from shared.platform.access.security import Reach, owner_or

OrderReach = Annotated[Reach, owner_or(Permission.ORDER_ADMIN)]
"""Whose orders the caller may touch."""


def checked_id(order_id: str) -> str:
    """Return *order_id*; `OrderNotFound` for what cannot be the id of anything."""
    if not is_id(order_id):
        raise OrderNotFound(order_id)
    return order_id
