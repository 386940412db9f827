"""A user's own profile."""

from dataclasses import dataclass

from shared.identity.domain.user import UserNotFound
from shared.identity.ports import Profile, Profiles


@dataclass(frozen=True, slots=True)
class GetProfile:
    """One read."""

    profiles: Profiles

    def __call__(self, user_id: str) -> Profile:
        """Return the user; `UserNotFound` when there is none."""
        found = self.profiles.find(user_id)
        if found is None:
            raise UserNotFound("User not found.", details={"id": user_id})
        return found
