"""Whose payments the caller may see."""

from typing import Annotated

from shared.platform.access.permissions import Permission
from shared.platform.access.security import Reach, owner_or

PaymentReach = Annotated[Reach, owner_or(Permission.PAYMENT_ADMIN)]
"""Whose payments the caller may see."""
