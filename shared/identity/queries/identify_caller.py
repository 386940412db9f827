"""Whose access token or API key a request carries."""

from dataclasses import dataclass, field

from shared.identity.domain.access import is_csrf_token_of
from shared.identity.domain.errors import InvalidAccessToken
from shared.identity.ports import KeyReader, RightsReader, TokenVerifier
from shared.identity.queries.identify_program import (
    IdentifyProgram,
    IdentifyProgramHandler,
    known,
)
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyCaller:
    """Tell who carries *token*: an access token, or an API key.

    *in_cookie*: a browser has sent it by itself. What then *changes* something needs the
    *csrf_token* that was handed out with it.
    """

    token: str = field(repr=False)
    is_api_key: bool = False
    in_cookie: bool = False
    changes: bool = False
    csrf_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyCallerHandler:
    """One read: roles, grants, deactivation, log-out and revocation are as of this moment.

    So are the strength of the session's log-in and its age, in seconds: those are the session's,
    whatever its tokens say.
    """

    tokens: TokenVerifier
    keys: KeyReader
    rights: RightsReader
    clock: Clock

    def __call__(self, query: IdentifyCaller) -> dict[str, str]:
        """Return the caller as functions see them.

        `InvalidAccessToken` and `InvalidApiKey` say why not.
        """
        if query.is_api_key:
            program = IdentifyProgramHandler(keys=self.keys, rights=self.rights, clock=self.clock)
            return program(IdentifyProgram(key=query.token))
        return self._by_token(query)

    def _by_token(self, query: IdentifyCaller) -> dict[str, str]:
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
            **known(rights),
            "session_id": access.session_id,
            "amr": ",".join(session.proven_by),
            "login_age": str(max(0, int((now - session.proven_at).total_seconds()))),
        }
        if held.sole_role is not None:  # for functions of releases that know nothing else
            caller["role"] = held.sole_role
        return caller
