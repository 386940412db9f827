"""Whose access token a request carries."""

from dataclasses import dataclass, field

from shared.identity.domain.access import is_csrf_token_of
from shared.identity.domain.errors import InvalidAccessToken
from shared.identity.ports import RightsReader, TokenVerifier
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyCaller:
    """Tell who carries *token*.

    *in_cookie*: a browser has sent it by itself. What then *changes* something needs the
    *csrf_token* that was handed out with it.
    """

    token: str = field(repr=False)
    in_cookie: bool = False
    changes: bool = False
    csrf_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyCallerHandler:
    """One read: role, grants, deactivation and log-out are as of this moment.

    So are the strength of the session's log-in and its age, in seconds: those are the session's,
    whatever its tokens say.
    """

    tokens: TokenVerifier
    rights: RightsReader
    clock: Clock

    def __call__(self, query: IdentifyCaller) -> dict[str, str]:
        """Return the caller as functions see them; `InvalidAccessToken` says why not."""
        access = self.tokens.verify(query.token)
        if (access.csrf is not None) != query.in_cookie:
            raise InvalidAccessToken("wrong_carrier")
        if query.in_cookie and query.changes and not is_csrf_token_of(access, query.csrf_token):
            raise InvalidAccessToken("csrf_token")
        rights = self.rights.find(access.user_id)
        if rights is None:
            raise InvalidAccessToken("unknown_user")
        if not rights.active:
            raise InvalidAccessToken("deactivated")
        now = self.clock.now()
        session = rights.session(access.session_id, now=now)
        if session is None:
            raise InvalidAccessToken("session_ended")
        held = rights.entitlements
        caller = {
            "user_id": rights.user_id,
            "roles": ",".join(held.roles),
            "grants": ",".join(held.grants),
            "restrictions": ",".join(held.restrictions),
            "session_id": access.session_id,
            "amr": ",".join(session.proven_by),
            "login_age": str(max(0, int((now - session.proven_at).total_seconds()))),
        }
        if held.sole_role is not None:  # for functions of releases that know nothing else
            caller["role"] = held.sole_role
        return caller
