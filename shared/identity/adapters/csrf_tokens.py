"""CSRF tokens: an HMAC with the service's secret over the session's id, so that none is stored.

A token is as good as its session. Whoever refreshes gets the same one again, for as long as the
secret is the same, so that a second tab's copy stays good.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256


class CsrfTokens:
    """Makes and knows them; *versions* are those of the service's secret, newest first."""

    def __init__(self, versions: Callable[[], Sequence[str]]) -> None:
        self._versions = versions

    def sign(self, session_id: str) -> str:
        """Return the token of a session: the same every time."""
        return _token(self._versions()[0], session_id)

    def belongs(self, token: str, *, session_id: str) -> bool:
        """Tell whether *token* is the session's, by any version that is kept; all are tried."""
        said = token.encode("utf-8", "surrogatepass")
        good = [
            hmac.compare_digest(_token(secret, session_id).encode(), said)
            for secret in self._versions()
        ]
        return any(good)


def _token(secret: str, session_id: str) -> str:
    digest = hmac.new(b"csrf:" + secret.encode(), session_id.encode(), sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
