"""What requests about customers name, and what of it the caller may see."""

from typing import Annotated

from shared.customers.domain.errors import CustomerNotFound
from shared.kernel.ids import is_id
from shared.platform.access.permissions import Permission
from shared.platform.access.security import Reach, owner_or

CustomerReach = Annotated[Reach, owner_or(Permission.CUSTOMER_ADMIN)]
"""Whose summary the caller may see."""


def checked_id(customer_id: str) -> str:
    """Return *customer_id*; `CustomerNotFound` for what cannot be the id of anybody."""
    if not is_id(customer_id):
        raise CustomerNotFound(customer_id)
    return customer_id
