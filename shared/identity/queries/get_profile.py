"""A user's own profile."""

from dataclasses import dataclass

from shared.identity.domain.errors import UserNotFound
from shared.identity.ports import Profile, ProfileReader
from shared.kernel.refusals import ensure_not_none


@dataclass(frozen=True, slots=True, kw_only=True)
class GetProfile:
    """The profile of one user."""

    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetProfileHandler:
    """One read."""

    profiles: ProfileReader

    def __call__(self, query: GetProfile) -> Profile:
        """Return the user; `UserNotFound` when there is none."""
        missing = UserNotFound(details={"id": query.user_id})
        return ensure_not_none(self.profiles.find(query.user_id), missing)
