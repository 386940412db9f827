"""Whose access token or API key a request carries."""

from dataclasses import dataclass, field

from shared.identity.domain.errors import InvalidAccessToken, InvalidApiKey
from shared.identity.domain.rights import Rights
from shared.identity.ports import KeyReader, RightsReader, TokenVerifier
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
        return {**_known(rights), "session_id": access.session_id}

    def _by_key(self, text: str) -> dict[str, str]:
        """Return the owner of a key; a text that we never gave is refused without a read.

        Its ``role`` is none that a function knows: those of a release before keys then answer 503,
        where they would take another kind of caller for a stranger.
        """
        claimed = self.keys.read(text)
        rights = self.rights.find(claimed.user_id)
        live = rights and rights.keys.get(claimed.number)
        if not rights or not live or not live.is_of(claimed.digest):
            raise InvalidApiKey("unknown_key")
        if not rights.active:
            raise InvalidApiKey("deactivated")
        if not live.goes_on(self.clock.now()):
            raise InvalidApiKey("expired")
        owner = _known(rights)
        return {
            **owner,
            "principal": "api_key",
            "owner_role": owner["role"],
            "role": "api_key",
            "api_key_id": claimed.id,
            "scopes": ",".join(live.scopes),
        }


def _known(rights: Rights) -> dict[str, str]:
    return {
        "user_id": rights.user_id,
        "role": rights.role,
        "grants": ",".join(rights.grants),
    }
