"""Device tokens: what a log-in hands out so that the next one from there is known by it.

A token is ``<device>.<end>.<tag>``; the tag is an HMAC with the service's secret over both and the
address, so that it is good for one account alone and holds nothing of it. It opens nothing: it
only says whose failures a wrong password is counted among.
"""

import hmac
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from shared.kernel.email import Email

LIFETIME = timedelta(days=180)
_FORM = re.compile(
    r"(?P<known>(?P<device>[0-9a-f-]{36})\.(?P<ends>[0-9]{1,12}))\.(?P<tag>[0-9a-f]{64})"
)


class DeviceTokens:
    """Makes and reads them; *versions* are those of the service's secret, newest first."""

    def __init__(self, versions: Callable[[], Sequence[str]]) -> None:
        self._versions = versions

    def sign(self, device: str | None, *, email: str, issued_at: int) -> str | None:
        """Return the token of *device*, if there is one; the same for the same log-in."""
        if not device:
            return None
        ends = issued_at + int(LIFETIME.total_seconds())
        known = f"{device}.{ends}"
        return f"{known}.{_tag(self._versions()[0], known, Email(email))}"

    def device(self, token: str | None, *, email: Email, now: datetime) -> str | None:
        """Return the device that *token* knows, ``None`` for any text that is no good here."""
        found = _FORM.fullmatch(token or "")
        if found is None or int(found["ends"]) <= now.timestamp():
            return None
        good = [
            hmac.compare_digest(_tag(secret, found["known"], email), found["tag"])
            for secret in self._versions()
        ]
        return found["device"] if any(good) else None


def _tag(secret: str, known: str, email: Email) -> str:
    text = f"{known}.{email.key}".encode()
    return hmac.new(b"device:" + secret.encode(), text, sha256).hexdigest()
