"""Whose access token a request carries."""

from dataclasses import dataclass, field

from shared.identity.domain.errors import InvalidAccessToken
from shared.identity.ports import ProfileReader, TokenVerifier


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyCaller:
    """Tell who carries *token*."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyCallerHandler:
    """One read: role, grants and deactivation are as of this moment, not as of the log-in."""

    tokens: TokenVerifier
    profiles: ProfileReader

    def __call__(self, query: IdentifyCaller) -> dict[str, str]:
        """Return the caller as functions see them; `InvalidAccessToken` says why not."""
        access = self.tokens.verify(query.token)
        user = self.profiles.find(access.user_id)
        if user is None:
            raise InvalidAccessToken("unknown_user")
        if not user.active:
            raise InvalidAccessToken("deactivated")
        return {
            "user_id": user.user_id,
            "role": user.role,
            "grants": ",".join(user.grants),
            "session_id": access.session_id,
        }
