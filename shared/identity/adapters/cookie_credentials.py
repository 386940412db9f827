"""What a browser's cookies prove where the gateway asks no authorizer, or asked it in vain.

Those are the refresh, and a log-out whose access token has expired; on every other route the
authorizer looks at the CSRF token.
"""

from shared.identity.adapters.csrf_tokens import CsrfTokens
from shared.identity.adapters.refresh_tokens import RefreshTokens
from shared.platform.access.security import CsrfTokenRefused
from shared.platform.access.session_cookies import Sent


class CookieCredentials:
    """Reads refresh tokens out of cookies."""

    def __init__(self, refresh: RefreshTokens, csrf: CsrfTokens) -> None:
        self._refresh = refresh
        self._csrf = csrf

    def refresh_token(self, sent: Sent) -> str | None:
        """Return the refresh token that came in a cookie, if one did.

        `CsrfTokenRefused` unless its session's CSRF token has come as well; `InvalidRefreshToken`
        for a token that we never gave.
        """
        if not sent.refresh_token:
            return None
        session_id = self._refresh.read(sent.refresh_token).session_id
        if not self._csrf.belongs(sent.csrf_token, session_id=session_id):
            raise CsrfTokenRefused
        return sent.refresh_token
