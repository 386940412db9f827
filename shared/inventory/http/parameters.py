"""What the caller of an endpoint about stock may see."""

from typing import Annotated

from shared.platform.access.permissions import Permission
from shared.platform.access.security import holds

SeesConfidential = Annotated[bool, holds(Permission.PRODUCT_READ_CONFIDENTIAL, otherwise=404)]
"""Whether the caller may know of confidential products."""
