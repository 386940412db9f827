"""How a user's items look, and where they are.

``User#<id>/STATE`` holds the profile and never a password, ``User#<id>/ACCESS`` what they may do
(`shared.identity.adapters.rights`). ``UNIQUE#EMAIL#<e-mail>/UNIQUE`` is the
claim on the address and, at once, the log-in card: user id, role, whether active, and the
password's hash, so that a log-in is one read. All are written in one transaction, always.
"""

from collections.abc import Mapping
from typing import Any

from shared.identity.adapters.rights import entitled, entitlements_from
from shared.identity.domain.access import Credentials
from shared.identity.domain.rights import Rights
from shared.identity.domain.user import User
from shared.identity.ports import Profile
from shared.kernel.clock import from_iso, to_iso
from shared.kernel.email import Email
from shared.platform.dynamodb.codec import Item

USERS = "USERS"
"""The list of users, newest first: a partition of the index, of which no key names anybody."""


def card_key(email: Email) -> dict[str, str]:
    """Return the key of the log-in card of *email*."""
    return {"PK": f"UNIQUE#EMAIL#{email.key}", "SK": "UNIQUE"}


def card_item(user: User, password_hash: str) -> Item:
    """Return the log-in card of *user*."""
    return {
        **card_key(user.email),
        "owner": user.id,
        "email": user.email.address,
        "role": user.entitlements.main_role,
        "active": user.active,
        "password_hash": password_hash,
        "version": 0,
    }


def credentials_from(card: Mapping[str, Any]) -> Credentials:
    """Return what a log-in card holds."""
    return Credentials(
        user_id=card["owner"],
        email=card["email"],
        role=card["role"],
        active=card["active"],
        password_hash=card["password_hash"],
        version=card.get("version", 0),  # there was none before sessions were kept
    )


def user_item(user: User) -> Item:
    """Return the attributes of the state of *user*, their place in the list of users included."""
    created_at = to_iso(user.created_at)
    return {
        "email": user.email.address,
        "name": user.name,
        **entitled(user.entitlements),
        "active": user.active,
        "created_at": created_at,
        "GSI1PK": USERS,
        "GSI1SK": f"{created_at}#{user.id}",
        "email_domain": user.email.domain,
        "sought": sought(user.name, user.email),
    }


def sought(name: str, email: Email) -> str:
    """Return the text in which users are looked for: name and address, whatever their case."""
    return f"{name.casefold()}\n{email.key}"


def user_from(user_id: str, item: Mapping[str, Any]) -> User:
    """Return the user that a state holds."""
    return User(
        user_id,
        email=Email(item["email"]),
        name=item["name"],
        entitlements=entitlements_from(item),
        active=item["active"],
        created_at=from_iso(item["created_at"]),
        version=item["version"],
    )


def rights_of(user: User) -> Rights:
    """Return what a new user may do, in no session yet."""
    return Rights(
        user_id=user.id,
        active=user.active,
        entitlements=user.entitlements,
        sessions={},
    )


def profile_from(user_id: str, item: Mapping[str, Any]) -> Profile:
    """Return the profile that a user's state holds."""
    return Profile(
        user_id=user_id,
        email=item["email"],
        name=item["name"],
        entitlements=entitlements_from(item),
        active=item["active"],
        created_at=from_iso(item["created_at"]),
        version=item["version"],
    )
