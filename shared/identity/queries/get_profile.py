"""A user's own profile."""

from dataclasses import dataclass

from shared.identity.domain.errors import UserNotFound
from shared.identity.ports import Profile, Profiles
from shared.kernel.refusals import ensure_not_none


@dataclass(frozen=True, slots=True)
class GetProfile:
    """One read."""

    profiles: Profiles

    def __call__(self, user_id: str) -> Profile:
        """Return the user; `UserNotFound` when there is none."""
        return ensure_not_none(self.profiles.find(user_id), UserNotFound(details={"id": user_id}))
