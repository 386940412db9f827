"""API keys in the table: what they are judged by in their owner's rights, what is shown beside.

``ApiKey#<id>/STATE`` has the name and the version, and stays: whoever looks into what a key has
done wants to know what it was called.
"""

from collections.abc import Sequence

from shared.identity.adapters.key_entry import key_entry
from shared.identity.adapters.rights import rights_key
from shared.identity.adapters.rights_reader import DynamoRightsReader
from shared.identity.domain.api_key import MOST, ApiKey
from shared.identity.domain.rights import Rights
from shared.kernel.clock import to_iso
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import STATE, put_state, update


def api_key_key(key_id: str) -> dict[str, str]:
    """Return where the state of a key is."""
    return {"PK": partition(ApiKey.aggregate_type, key_id), "SK": STATE}


class DynamoApiKeyRepository(DynamoRightsReader):
    """Writes keys; each change holds only while the rights are as they were read."""

    def __init__(self, uow: DynamoUnitOfWork) -> None:
        super().__init__(uow.client, uow.table)
        self._uow = uow

    def add(self, key: ApiKey, *, rights: Rights, over: Sequence[int]) -> None:
        """Stage a new key; see `shared.identity.ports.ApiKeyRepository`."""
        entry = key_entry(key.live)
        if rights.keys_made:
            names = {f"#{each}": str(each) for each in over}
            gone = [f"api_keys.{name}" for name in names]
            there = "".join(f" AND attribute_exists({each})" for each in gone)
            change = update(
                rights_key(key.user_id),
                "SET api_keys.#new = :new, keys_made = :number"
                + (f" REMOVE {', '.join(gone)}" if gone else ""),
                condition=f"active = :yes AND keys_made = :made AND size(api_keys) < :most{there}",
                values={
                    ":new": entry,
                    ":number": key.number,
                    ":yes": True,
                    ":made": rights.keys_made,
                    ":most": MOST + len(over),
                },
                names={"#new": str(key.number), **names},
            )
        else:
            change = update(
                rights_key(key.user_id),
                "SET api_keys = :first, keys_made = :number",
                condition="active = :yes AND attribute_not_exists(keys_made)",
                values={
                    ":first": {str(key.number): entry},
                    ":number": key.number,
                    ":yes": True,
                },
            )
        self._uow.stage(change)
        state: Item = {
            **api_key_key(key.id),
            "user_id": key.user_id,
            "name": key.name,
            "created_at": to_iso(key.created_at),
        }
        self._uow.register(key, put_state(state, version=key.version, committed_version=0))

    def revoke(self, key: ApiKey) -> None:
        """Stage the end of *key*, if nobody else has ended it."""
        self._uow.stage(
            update(
                rights_key(key.user_id),
                "REMOVE api_keys.#number",
                condition="attribute_exists(api_keys.#number)",
                names={"#number": str(key.number)},
            )
        )
        register_end_of_key(self._uow, key)


def register_end_of_key(uow: DynamoUnitOfWork, key: ApiKey) -> None:
    """Stage what is kept of a key that ends by this commit, which takes it out of the rights."""
    state = update(
        api_key_key(key.id),
        "SET #version = :version",
        condition="#version = :read",
        values={":version": key.version, ":read": key.committed_version},
        names={"#version": "version"},
    )
    uow.register(key, state)
