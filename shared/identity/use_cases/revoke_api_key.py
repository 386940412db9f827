"""Revoke one of one's own API keys, such as one that has leaked."""

from dataclasses import dataclass

from shared.identity.domain.api_key import RevokeReason, key_of
from shared.identity.domain.errors import ApiKeyNotFound
from shared.identity.domain.key_text import owner_and_number
from shared.identity.ports import IdentityUnitOfWork
from shared.kernel.clock import Clock
from shared.kernel.commands import CommandResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeApiKey:
    """Revoke key *key_id* of user *user_id*."""

    user_id: str
    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokedApiKey(CommandResult):
    """The key that is good no more."""

    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeApiKeyHandler:
    """One read, one transaction."""

    uow: IdentityUnitOfWork
    clock: Clock

    def __call__(self, command: RevokeApiKey) -> RevokedApiKey:
        """Return the key that is refused from now on; `ApiKeyNotFound` where they have none such.

        The id says whose key it is: for another's nothing is read.
        """
        now = self.clock.now()
        owner, number = owner_and_number(command.key_id) or ("", 0)
        if owner != command.user_id:
            raise ApiKeyNotFound(command.key_id)
        result = RevokedApiKey(key_id=command.key_id)
        with self.uow as uow:
            rights = uow.api_keys.find(command.user_id)
            key = rights and key_of(rights, number, now=now)
            if not key:
                raise ApiKeyNotFound(command.key_id)
            key.revoke(RevokeReason.REVOKED_BY_OWNER)
            uow.api_keys.revoke(key)
            uow.commit(result)
        return result
