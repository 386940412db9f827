"""Lock-out with exponential back-off: what slows down guessing the password of one e-mail.

It counts for addresses that have no account just the same, so a lock-out tells nobody whether an
account exists. OWASP ASVS 5.0, 6.3.1, asks for controls against guessing one account's password;
these leave an attacker five guesses, then one per lock-out, which is soon four an hour. What comes
from a device on which the account's owner has logged in before is counted apart: strangers who
guess lock out one another, and not the owner (ADR 32).
"""

import hmac
import math
from datetime import datetime, timedelta
from hashlib import sha256

from shared.identity.domain.events import LoginFailed, LoginLockedOut, LoginRecovered
from shared.kernel.aggregate import Aggregate
from shared.kernel.clock import to_iso
from shared.kernel.email import Email
from shared.kernel.errors import TooManyAttempts

FREE_FAILURES = 4
"""Failures in a row without consequence; from the next one on there is a lock-out."""
FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=24)
"""Failures count as "in a row" for this long after the last one."""


def account_of(email: Email, *, key: str) -> str:
    """Return the e-mail's HMAC: people mistype into that field, and a dictionary undoes a hash."""
    return hmac.new(b"account:" + key.encode(), email.key.encode(), sha256).hexdigest()


def throttle_id(account: str, device: str | None) -> str:
    """Return whose failures count together: those of a device that is known, or of all others.

    It is the id of an aggregate, for which published events have room for 100 characters.
    """
    return account if device is None else f"{account}.{device.replace('-', '')}"


class LoginThrottle(Aggregate):
    """The failed log-ins in a row for one e-mail address, from one known device or from others."""

    aggregate_type = "LoginThrottle"

    def __init__(
        self,
        id: str,
        *,
        failures: int = 0,
        last_failed_at: datetime | None = None,
        locked_until: datetime | None = None,
        version: int = 0,
    ) -> None:
        super().__init__(id, version=version)
        self.failures = failures
        self.last_failed_at = last_failed_at
        self.locked_until = locked_until

    @property
    def account(self) -> str:
        """The address's HMAC, whichever device it was tried from: that is what events name."""
        return self.id.partition(".")[0]

    def check(self, now: datetime) -> None:
        """Raise `TooManyAttempts` while locked; the password must not even be looked at then."""
        if self.locked_until is not None and now < self.locked_until:
            seconds = math.ceil((self.locked_until - now).total_seconds())
            raise TooManyAttempts(retry_after_seconds=seconds)

    def count_failure(self, now: datetime) -> None:
        """Count one more failure; every one past the free ones doubles the lock-out."""
        if self.last_failed_at is not None and now - self.last_failed_at > FORGET_AFTER:
            self.failures = 0
        self.failures += 1
        self.last_failed_at = now
        self.locked_until = None
        self._record(LoginFailed(account=self.account, failures=self.failures))
        beyond = self.failures - FREE_FAILURES
        if beyond > 0:
            self.locked_until = now + lock_after(beyond)
            self._record(
                LoginLockedOut(
                    account=self.account,
                    failures=self.failures,
                    locked_until=to_iso(self.locked_until),
                )
            )

    def clear(self) -> None:
        """Forget the failures, if there are any: the log-in succeeded."""
        if self.failures:
            self._record(LoginRecovered(account=self.account, failures=self.failures))
            self.failures, self.last_failed_at, self.locked_until = 0, None, None


def lock_after(beyond: int) -> timedelta:
    """Return the lock-out after *beyond* failures past the free ones: 30 s, 1 min, 2 … 15 min."""
    doublings = min(beyond - 1, 16)  # far past the longest lock-out, and no overflow
    return min(LONGEST_LOCK, FIRST_LOCK * (1 << doublings))
