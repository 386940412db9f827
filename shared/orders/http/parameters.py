"""What requests about orders name, and whose orders the caller may touch."""

from typing import Annotated

from shared.kernel.ids import id_check
from shared.orders.domain.errors import OrderNotFound
from shared.platform.access.permissions import Permission
from shared.platform.access.security import Reach, owner_or

OrderReach = Annotated[Reach, owner_or(Permission.ORDER_ADMIN)]
"""Whose orders the caller may touch."""

checked_id = id_check(OrderNotFound)
"""An id of an order; `OrderNotFound` for what cannot be one."""
