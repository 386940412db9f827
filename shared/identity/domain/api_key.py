"""API keys: how a program acts for its owner, within scopes and without a log-in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from shared.identity.domain.errors import TooManyApiKeys
from shared.identity.domain.events import ApiKeyCreated, ApiKeyRevoked
from shared.identity.domain.key_text import NewSecret, key_id
from shared.identity.domain.live_key import LiveKey
from shared.identity.domain.rights import Rights
from shared.identity.domain.user import clean_name
from shared.kernel.aggregate import Aggregate
from shared.kernel.clock import to_iso

MOST = 20
"""Keys of one user at a time. It bounds the item they lie in."""
MOST_EVER = 99_999
"""Keys that one user may ever have made: a number names one key, for ever."""
_UNKNOWN = datetime.min.replace(tzinfo=UTC)


class RevokeReason(StrEnum):
    """Why a key ended before its time."""

    REVOKED_BY_OWNER = "revoked_by_owner"
    DEACTIVATED = "deactivated"
    """… its owner."""


class ApiKey(Aggregate):
    """One key of one user; ``name`` is what they call it, and known while it is made."""

    aggregate_type = "ApiKey"

    def __init__(
        self,
        *,
        user_id: str,
        number: int,
        live: LiveKey,
        name: str = "",
        created_at: datetime = _UNKNOWN,
        version: int = 1,
    ) -> None:
        super().__init__(key_id(user_id, number), version=version)
        self.user_id = user_id
        self.number = number
        self.live = live
        self.name = name
        self.created_at = created_at

    @classmethod
    def create(
        cls,
        rights: Rights,
        *,
        secret: NewSecret,
        name: str,
        scopes: Sequence[str],
        lasts: timedelta | None,
        at: datetime,
    ) -> "ApiKey":
        """Return the next key of a user, good from *at* on; `TooManyApiKeys` if they have enough.

        Those that are over make room without a word.
        """
        live = [each for each in rights.keys.values() if each.goes_on(at)]
        if len(live) >= MOST or rights.keys_made >= MOST_EVER:
            raise TooManyApiKeys(most=MOST)
        number = rights.keys_made + 1
        at = at.replace(microsecond=0)  # as it is kept
        key = cls(
            user_id=rights.user_id,
            number=number,
            live=LiveKey(
                digest=secret.digest(key_id(rights.user_id, number)),
                scopes=tuple(sorted(set(scopes))),
                ends_at=None if lasts is None else at + lasts,
            ),
            name=clean_name(name),
            created_at=at,
            version=0,
        )
        ends_at = key.live.ends_at
        key._record(
            ApiKeyCreated(
                user_id=rights.user_id,
                scopes=key.live.scopes,
                ends_at=None if ends_at is None else to_iso(ends_at),
            )
        )
        return key

    def revoke(self, reason: RevokeReason) -> None:
        """End it: it is refused from now on."""
        self._record(ApiKeyRevoked(user_id=self.user_id, reason=reason.value))


def key_of(rights: Rights, number: int, *, now: datetime) -> ApiKey | None:
    """Return a key that is good *now*. It has had one event so far: it was made."""
    live = rights.keys.get(number)
    if live is None or not live.goes_on(now):
        return None
    return ApiKey(user_id=rights.user_id, number=number, live=live)


def over(rights: Rights, *, now: datetime) -> tuple[int, ...]:
    """Return the keys whose time has come: they lie there until there is a new one."""
    return tuple(sorted(each for each, live in rights.keys.items() if not live.goes_on(now)))


def revoke_all(
    rights: Rights, reason: RevokeReason, *, now: datetime
) -> tuple[Rights, tuple[ApiKey, ...]]:
    """Revoke every key for that *reason*: return what is left, and those revoked.

    Those that are over already go without a word.
    """
    revoked = [
        key for each in sorted(rights.keys) if (key := key_of(rights, each, now=now)) is not None
    ]
    for each in revoked:
        each.revoke(reason)
    return replace(rights, keys={}), tuple(revoked)
