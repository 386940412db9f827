"""How many mails a mailbox gets: nobody has proved yet that it is theirs.

Anybody may register with anybody's address and order with that account, so what a stranger can
send to a mailbox through us has an end. Nobody is told of it: the answers of the API are the same.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Protocol

from shared.kernel.email import Email
from shared.notifications.domain.mailbox import mailbox_of
from shared.notifications.domain.notification import Kind
from shared.platform.rate_limits.decisions import Decision
from shared.platform.rate_limits.rules import RateLimit, rate_limit

WELCOMES = rate_limit("3 welcomes a day per mailbox")
LETTERS = rate_limit("100 letters a day per mailbox")
"""All others, which are about orders."""


class Counting(Protocol):
    """What counts: the platform's limiter."""

    def decide(
        self, rules: Iterable[RateLimit], caller: Mapping[str, str]
    ) -> Sequence[Decision]: ...


class MailboxLimits:
    """Counts mails by an HMAC of the mailbox; where they cannot be counted, all are sent."""

    def __init__(self, limiter: Counting, key: Callable[[], str]) -> None:
        self._limiter = limiter
        self._key = key

    def has_room(self, kind: Kind, email: Email) -> bool:
        """Count one more mail; tell whether it may be sent."""
        rule = WELCOMES if kind is Kind.WELCOME else LETTERS
        mailbox = mailbox_of(email).encode()
        named = hmac.new(b"mailbox:" + self._key().encode(), mailbox, sha256).hexdigest()
        return all(each.allowed for each in self._limiter.decide((rule,), {"mailbox": named}))
