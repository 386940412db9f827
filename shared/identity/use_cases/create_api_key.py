"""Make an API key for programs of one's own."""

from dataclasses import dataclass, field
from datetime import timedelta

from shared.identity.domain.api_key import ApiKey, over
from shared.identity.domain.errors import InvalidAccessToken
from shared.identity.domain.key_text import NewSecret
from shared.identity.ports import IdentityUnitOfWork
from shared.kernel.clock import Clock, to_iso
from shared.kernel.commands import CommandResult
from shared.kernel.refusals import permission_denied


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateApiKey:
    """User *user_id*, who may what *held* names, wants a key that may what *scopes* name."""

    user_id: str
    held: frozenset[str]
    name: str
    scopes: frozenset[str]
    lasts: timedelta | None
    """For how long it is good; ``None``, until it is revoked."""
    secret: NewSecret = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedApiKey(CommandResult):
    """What is known of the new key. It is stored for replays, and has nothing of its secret."""

    key_id: str
    name: str
    scopes: tuple[str, ...]
    created_at: str
    ends_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateApiKeyHandler:
    """One read, one transaction."""

    uow: IdentityUnitOfWork
    clock: Clock

    def __call__(self, command: CreateApiKey) -> CreatedApiKey:
        """Return the new key; `TooManyApiKeys`, or `PermissionDenied` for what nobody can give.

        Scopes are looked at here to say so in time: what a key may is what its owner may at that
        moment, and no more than its scopes.
        """
        if missing := command.scopes - command.held:
            raise permission_denied(*sorted(missing))
        now = self.clock.now()
        with self.uow as uow:
            rights = uow.api_keys.find(command.user_id)
            if rights is None or not rights.active:
                raise InvalidAccessToken("deactivated")  # since the authorizer has looked
            key = ApiKey.create(
                rights,
                secret=command.secret,
                name=command.name,
                scopes=sorted(command.scopes),
                lasts=command.lasts,
                at=now,
            )
            ends_at = key.live.ends_at
            result = CreatedApiKey(
                key_id=key.id,
                name=key.name,
                scopes=key.live.scopes,
                created_at=to_iso(key.created_at),
                ends_at=None if ends_at is None else to_iso(ends_at),
            )
            uow.api_keys.add(key, rights=rights, over=over(rights, now=now))
            uow.commit(result)
        return result
