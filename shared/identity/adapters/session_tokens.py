"""The tokens that a session is gone on with."""

from dataclasses import replace

from shared.identity.adapters.csrf_tokens import CsrfTokens
from shared.identity.adapters.refresh_tokens import RefreshTokens
from shared.identity.adapters.token_signer import AccessTokenSigner
from shared.identity.domain.access import Access, Continuation, csrf_hash
from shared.identity.ports import CookieTokens, TokenPair


class SessionTokens:
    """Signs them; the same ones for the same session at the same generation and access."""

    def __init__(
        self, access: AccessTokenSigner, refresh: RefreshTokens, csrf: CsrfTokens
    ) -> None:
        self._access = access
        self._refresh = refresh
        self._csrf = csrf

    def sign(self, access: Access, content: Continuation) -> TokenPair:
        """Return what a client is handed."""
        return TokenPair(self._access.sign(access), self._refresh.sign(content))

    def sign_for_cookies(self, access: Access, content: Continuation) -> CookieTokens:
        """Return what a browser is handed: an access token that is good beside the CSRF token."""
        csrf = self._csrf.sign(content.session_id)
        access_token, refresh_token = self.sign(replace(access, csrf=csrf_hash(csrf)), content)
        return CookieTokens(access_token, refresh_token, csrf)
