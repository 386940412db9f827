"""Whose access token or API key a request carries."""

from dataclasses import dataclass, field

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
    """Tell who carries *token*: an access token, or an API key."""

    token: str = field(repr=False)
    is_api_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyCallerHandler:
    """One read: role, grants, deactivation, log-out and revocation are as of this moment."""

    tokens: TokenVerifier
    keys: KeyReader
    rights: RightsReader
    clock: Clock

    def __call__(self, query: IdentifyCaller) -> dict[str, str]:
        """Return the caller as functions see them.

        `InvalidAccessToken` and `InvalidApiKey` say why not.
        """
        return self._by_key(query.token) if query.is_api_key else self._by_token(query.token)

    def _by_token(self, token: str) -> dict[str, str]:
        access = self.tokens.verify(token)
        rights = self.rights.find(access.user_id)
        if rights is None:
            raise InvalidAccessToken("unknown_user")
        if not rights.active:
            raise InvalidAccessToken("deactivated")
        if rights.session(access.session_id, now=self.clock.now()) is None:
            raise InvalidAccessToken("session_ended")
        return {**known(rights), "session_id": access.session_id}

    def _by_key(self, text: str) -> dict[str, str]:
        program = IdentifyProgramHandler(keys=self.keys, rights=self.rights, clock=self.clock)
        return program(IdentifyProgram(key=text))
