"""Whose API key a request carries."""

from dataclasses import dataclass, field

from shared.identity.domain.errors import InvalidApiKey
from shared.identity.domain.rights import Rights
from shared.identity.ports import KeyReader, RightsReader
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyProgram:
    """Tell whose *key* this is."""

    key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyProgramHandler:
    """One read, and none for a text that cannot be a key: revocation holds from its moment on."""

    keys: KeyReader
    rights: RightsReader
    clock: Clock

    def __call__(self, query: IdentifyProgram) -> dict[str, str]:
        """Return the owner of the key as functions see them; `InvalidApiKey` says why not.

        Its ``role`` is none that a function knows: those of a release before keys then answer 503,
        where they would take another kind of caller for a stranger.
        """
        claimed = self.keys.read(query.key)
        rights = self.rights.find(claimed.user_id)
        live = rights and rights.keys.get(claimed.number)
        if not rights or not live or not live.is_of(claimed.digest):
            raise InvalidApiKey("unknown_key")
        if not rights.active:
            raise InvalidApiKey("deactivated")
        if not live.goes_on(self.clock.now()):
            raise InvalidApiKey("expired")
        owner = known(rights)
        roles = owner.pop("roles")
        return {
            **owner,
            "principal": "api_key",
            "owner_roles": roles,
            "role": "api_key",
            "api_key_id": claimed.id,
            "scopes": ",".join(live.scopes),
        }


def known(rights: Rights) -> dict[str, str]:
    """Return what a function learns of anybody."""
    held = rights.entitlements
    return {
        "user_id": rights.user_id,
        "roles": ",".join(held.roles),
        "grants": ",".join(held.grants),
        "restrictions": ",".join(held.restrictions),
    }
