"""What identity shows of users."""

from typing import Annotated

from pydantic import Field

from shared.identity.ports import Profile
from shared.kernel.clock import to_iso
from shared.platform.access.permissions import Principal
from shared.platform.http.models import View


class ProfileView(View):
    """The caller, and what they may do."""

    id: str
    email: str
    name: str
    role: Annotated[str, Field(description="The weightiest of the roles", deprecated=True)]
    roles: list[str]
    permissions: list[str]
    created_at: str

    @classmethod
    def of(cls, profile: Profile, caller: Principal) -> "ProfileView":
        return cls(
            id=profile.user_id,
            email=profile.email,
            name=profile.name,
            role=profile.entitlements.main_role,
            roles=list(profile.entitlements.roles),
            permissions=sorted(caller.permissions),
            created_at=to_iso(profile.created_at),
        )
