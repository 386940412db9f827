"""Refresh tokens: ``twr_<user>.<session>.<generation>.<tag>``.

The tag is an HMAC with the service's secret over what stands before it, so that nothing of a token
is stored, and whoever draws the same generation twice gets the same token. An end and rights it
does not say: those are the session's. 256 bits of tag; the prefix is for secret scanners.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256

from shared.identity.domain.access import Continuation
from shared.identity.domain.errors import InvalidRefreshToken
from shared.platform.runtime.snapshot import monotonic

_LOOKS_AGAIN_SECONDS = 30.0
"""A tag that no kept version made is looked at with fresh ones, not more often than this."""
_FORM = re.compile(
    r"(?P<known>twr_(?P<user>[0-9a-f-]{36})\.(?P<session>[0-9a-f-]{36})"
    r"\.(?P<generation>[1-9][0-9]{0,8}))\.(?P<tag>[A-Za-z0-9_-]{43})"
)


class RefreshTokens:
    """Makes and reads them; *versions* are those of the service's secret, newest first.

    *fresh* reads them anew: while a rotation goes round, others sign with a version that this
    process has not seen.
    """

    def __init__(
        self,
        versions: Callable[[], Sequence[str]],
        *,
        fresh: Callable[[], Sequence[str]] | None = None,
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        self._versions = versions
        self._fresh = fresh
        self._monotonic = monotonic
        self._looked_at = float("-inf")

    def sign(self, content: Continuation) -> str:
        """Return the token of one generation: the same every time."""
        known = f"twr_{content.user_id}.{content.session_id}.{content.generation}"
        return f"{known}.{_tag(self._versions()[0], known)}"

    def read(self, token: str) -> Continuation:
        """Return what *token* says; see `shared.identity.ports.RefreshTokenReader`."""
        found = _FORM.fullmatch(token)
        if found is None:
            raise InvalidRefreshToken("malformed")
        if not _is_of(self._versions(), found) and not _is_of(self._looked_again(), found):
            raise InvalidRefreshToken("bad_signature")
        return Continuation(
            user_id=found["user"],
            session_id=found["session"],
            generation=int(found["generation"]),
        )

    def _looked_again(self) -> Sequence[str]:
        now = self._monotonic()
        if self._fresh is None or now - self._looked_at <= _LOOKS_AGAIN_SECONDS:
            return ()
        self._looked_at = now
        return self._fresh()


def _is_of(versions: Sequence[str], found: re.Match[str]) -> bool:
    """Tell whether one of *versions* made the tag; all are tried, always."""
    known, tag = found["known"], found["tag"]
    good = [hmac.compare_digest(_tag(secret, known), tag) for secret in versions]
    return any(good)


def _tag(secret: str, known: str) -> str:
    digest = hmac.new(b"refresh:" + secret.encode(), known.encode(), sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
