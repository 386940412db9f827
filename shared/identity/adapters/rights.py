"""How a user's rights look in the table: ``User#<id>/ACCESS``.

With 20 sessions and 20 keys it is below 4 KB, which is one read unit: every request pays for it.
Times are Unix milliseconds.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.identity.adapters.key_entry import key_entry, key_from
from shared.identity.domain.entitlements import Entitlements
from shared.identity.domain.rights import LiveSession, Rights
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.writes import Write, update

ACCESS = "ACCESS"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def rights_key(user_id: str) -> dict[str, str]:
    """Return where the rights of a user are."""
    return {"PK": partition("User", user_id), "SK": ACCESS}


def rights_item(rights: Rights) -> Item:
    """Return the item of *rights*, whole."""
    item: Item = {
        **rights_key(rights.user_id),
        "active": rights.active,
        **entitled(rights.entitlements),
        "credentials": rights.credentials,
        "sessions": {each: session_entry(live) for each, live in rights.sessions.items()},
    }
    if rights.keys_made:
        entries = {str(number): key_entry(live) for number, live in rights.keys.items()}
        item |= {"api_keys": entries, "keys_made": rights.keys_made}
    return item


def rights_from(user_id: str, item: Mapping[str, Any]) -> Rights:
    """Return the rights that an item holds."""
    return Rights(
        user_id=user_id,
        active=item["active"],
        entitlements=entitlements_from(item),
        credentials=item["credentials"],
        sessions={each: _session(entry) for each, entry in item["sessions"].items()},
        keys={int(each): key_from(entry) for each, entry in item.get("api_keys", {}).items()},
        keys_made=item.get("keys_made", 0),  # none before there were keys, or for who has none
    )


def entitled(entitlements: Entitlements) -> Item:
    """Return the attributes of *entitlements*, in the rights and in the state of a user.

    ``role`` is for releases that know nothing else; see `Entitlements.sole_role`.
    """
    item: Item = {
        "roles": list(entitlements.roles),
        "grants": list(entitlements.grants),
        "restrictions": list(entitlements.restrictions),
    }
    if entitlements.sole_role is not None:
        item["role"] = entitlements.sole_role
    return item


def entitle(user_id: str, entitlements: Entitlements) -> Write:
    """Return the change of a user's rights to *entitlements*; sessions are left alone."""
    item = entitled(entitlements)
    names = {f"#{name}": name for name in ("role", "roles", "grants", "restrictions")}
    changed = ", ".join(f"#{name} = :{name}" for name in item)
    removed = "" if "role" in item else " REMOVE #role"
    return update(
        rights_key(user_id),
        f"SET {changed}{removed}",
        condition="attribute_exists(PK)",
        values={f":{name}": value for name, value in item.items()},
        names=names,
    )


def entitlements_from(item: Mapping[str, Any]) -> Entitlements:
    """Return the entitlements that an item holds; earlier releases wrote one role."""
    return Entitlements.of(
        item.get("roles") or [item["role"]], item["grants"], item.get("restrictions", ())
    )


def session_entry(live: LiveSession) -> dict[str, Any]:
    """Return what stands in the rights of one session."""
    return {
        "proven_at": to_milliseconds(live.proven_at),
        "proven_by": list(live.proven_by),
        "renewed_at": to_milliseconds(live.renewed_at),
        "ends_at": to_milliseconds(live.ends_at),
        "generation": live.generation,
    }


def to_milliseconds(moment: datetime) -> int:
    """Return Unix milliseconds."""
    return (moment - _EPOCH) // _MILLISECOND


def _session(entry: Mapping[str, Any]) -> LiveSession:
    return LiveSession(
        proven_at=_moment(entry["proven_at"]),
        proven_by=tuple(entry["proven_by"]),
        renewed_at=_moment(entry["renewed_at"]),
        ends_at=_moment(entry["ends_at"]),
        generation=int(entry["generation"]),
    )


def _moment(milliseconds: Any) -> datetime:
    return _EPOCH + int(milliseconds) * _MILLISECOND
