"""The two tokens that a session is gone on with."""

from shared.identity.adapters.refresh_tokens import RefreshTokens
from shared.identity.adapters.token_signer import AccessTokenSigner
from shared.identity.domain.access import Access, Continuation
from shared.identity.ports import TokenPair


class SessionTokens:
    """Signs both; the same pair for the same session at the same generation and access."""

    def __init__(self, access: AccessTokenSigner, refresh: RefreshTokens) -> None:
        self._access = access
        self._refresh = refresh

    def sign(self, access: Access, content: Continuation) -> TokenPair:
        """Return what a client is handed."""
        return TokenPair(self._access.sign(access), self._refresh.sign(content))
