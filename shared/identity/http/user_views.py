"""What administrators see of users."""

from typing import Annotated

from pydantic import Field

from shared.identity.ports import Profile
from shared.kernel.clock import to_iso
from shared.platform.http.models import View


class UserDetailsView(View):
    """A user, as who administers them sees them."""

    id: str
    email: str
    name: str
    is_active: Annotated[bool, Field(description="Whether they can log in")]
    roles: list[str]
    created_at: str
    version: int

    @classmethod
    def of(cls, user: Profile) -> "UserDetailsView":
        return cls(
            id=user.user_id,
            email=user.email,
            name=user.name,
            is_active=user.active,
            roles=list(user.entitlements.roles),
            created_at=to_iso(user.created_at),
            version=user.version,
        )
