"""Who may do what: permissions, the roles that hold them, and the caller."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Permission(StrEnum):
    """One thing that can be allowed, named ``resource:action``."""

    PROFILE_READ = "profile:read"
    PRODUCT_READ = "product:read"
    PRODUCT_READ_CONFIDENTIAL = "product:read_confidential"
    PRODUCT_CREATE = "product:create"
    PRODUCT_UPDATE = "product:update"
    PRODUCT_ADMIN = "product:admin"
    INVENTORY_READ = "inventory:read"
    INVENTORY_ADJUST = "inventory:adjust"
    ORDER_PLACE = "order:place"
    ORDER_READ = "order:read"
    ORDER_CANCEL = "order:cancel"
    ORDER_ADMIN = "order:admin"
    PAYMENT_READ = "payment:read"
    PAYMENT_ADMIN = "payment:admin"
    CUSTOMER_ADMIN = "customer:admin"
    NOTIFICATION_READ = "notification:read"
    NOTIFICATION_ADMIN = "notification:admin"
    FLAG_READ = "flag:read"
    FLAG_SET = "flag:set"


class Role(StrEnum):
    """A named set of permissions."""

    CUSTOMER = "customer"
    MERCHANDISER = "merchandiser"
    ADMIN = "admin"


_CUSTOMER = frozenset(
    {
        Permission.PROFILE_READ,
        Permission.PRODUCT_READ,
        Permission.ORDER_PLACE,
        Permission.ORDER_READ,
        Permission.ORDER_CANCEL,
        Permission.PAYMENT_READ,
        Permission.NOTIFICATION_READ,
    }
)
_MERCHANDISER = _CUSTOMER | {
    Permission.PRODUCT_READ_CONFIDENTIAL,
    Permission.PRODUCT_CREATE,
    Permission.PRODUCT_UPDATE,
    Permission.INVENTORY_READ,
    Permission.INVENTORY_ADJUST,
}

PERMISSIONS_OF: dict[Role, frozenset[Permission]] = {
    Role.CUSTOMER: _CUSTOMER,
    Role.MERCHANDISER: _MERCHANDISER,
    Role.ADMIN: frozenset(Permission),
}


_BY_NAME = {str(permission): permission for permission in Permission}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The caller as the authorizer identified them."""

    id: str
    role: Role
    grants: frozenset[Permission] = field(default=frozenset())
    session_id: str | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role holds, and what was granted to this user besides."""
        return PERMISSIONS_OF[self.role] | self.grants

    def may(self, permission: Permission) -> bool:
        """Tell whether the caller holds *permission*."""
        return permission in self.permissions

    def may_all(self, permissions: Iterable[Permission]) -> bool:
        """Tell whether the caller holds every one of *permissions*."""
        return self.permissions.issuperset(permissions)

    def may_any(self, permissions: Iterable[Permission]) -> bool:
        """Tell whether the caller holds at least one of *permissions*."""
        return not self.permissions.isdisjoint(permissions)


def parse_grants(text: str) -> frozenset[Permission]:
    """Read a comma-separated list of permissions; unknown names grant nothing."""
    if not text:
        return frozenset()
    return frozenset(_BY_NAME[name] for name in text.split(",") if name in _BY_NAME)
