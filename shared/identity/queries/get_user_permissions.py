"""What somebody may do, and what it comes from."""

from dataclasses import dataclass

from shared.identity.domain.entitlements import Entitlements, RolesGive
from shared.identity.domain.errors import UserNotFound
from shared.identity.ports import ProfileReader
from shared.kernel.refusals import ensure_not_none


@dataclass(frozen=True, slots=True, kw_only=True)
class GetUserPermissions:
    """The permissions of one user."""

    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPermissions:
    """What a user is entitled to, and the permissions that they hold by it."""

    user_id: str
    entitlements: Entitlements
    held: frozenset[str]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GetUserPermissionsHandler:
    """One read: what they may do lies beside it, and is changed with it."""

    profiles: ProfileReader
    roles_give: RolesGive

    def __call__(self, query: GetUserPermissions) -> UserPermissions:
        """Return them; `UserNotFound` when there is nobody."""
        missing = UserNotFound(details={"id": query.user_id})
        found = ensure_not_none(self.profiles.find(query.user_id), missing)
        return UserPermissions(
            user_id=found.user_id,
            entitlements=found.entitlements,
            held=found.entitlements.held(self.roles_give),
            version=found.version,
        )
