"""Whose access token a request carries."""

from dataclasses import dataclass, field

from shared.identity.domain.errors import InvalidAccessToken
from shared.identity.ports import RightsReader, TokenVerifier
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyCaller:
    """Tell who carries *token*."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyCallerHandler:
    """One read: role, grants, deactivation and log-out are as of this moment."""

    tokens: TokenVerifier
    rights: RightsReader
    clock: Clock

    def __call__(self, query: IdentifyCaller) -> dict[str, str]:
        """Return the caller as functions see them; `InvalidAccessToken` says why not."""
        access = self.tokens.verify(query.token)
        rights = self.rights.find(access.user_id)
        if rights is None:
            raise InvalidAccessToken("unknown_user")
        if not rights.active:
            raise InvalidAccessToken("deactivated")
        if rights.session(access.session_id, now=self.clock.now()) is None:
            raise InvalidAccessToken("session_ended")
        held = rights.entitlements
        caller = {
            "user_id": rights.user_id,
            "roles": ",".join(held.roles),
            "grants": ",".join(held.grants),
            "restrictions": ",".join(held.restrictions),
            "session_id": access.session_id,
        }
        if held.sole_role is not None:  # for functions of releases that know nothing else
            caller["role"] = held.sole_role
        return caller
