"""What requests about customers name, and what of it the caller may see."""

from typing import Annotated

from shared.customers.domain.errors import CustomerNotFound
from shared.kernel.ids import id_check
from shared.platform.access.permissions import Permission
from shared.platform.access.security import Reach, owner_or

CustomerReach = Annotated[Reach, owner_or(Permission.CUSTOMER_ADMIN)]
"""Whose summary the caller may see."""

checked_id = id_check(CustomerNotFound)
"""An id of a customer; `CustomerNotFound` for what cannot be one."""
