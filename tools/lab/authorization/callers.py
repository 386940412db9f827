"""Everybody who may come to a route, generated from the roles and what the route declares."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from shared.platform.access.permissions import PERMISSIONS_OF, Permission, Role
from tools.lab.authorization.endpoints import Endpoint
from tools.lab.authorization.world import OTHER, OWNER


@dataclass(frozen=True)
class Caller:
    """Somebody at the door, as the authorizer sees them; *column* is their place in the table.

    *role* is ``None`` for whoever is not known; *context* is the authorizer's word then, and
    ``None`` for an authorizer that is out of order. *role_holds* is what the role holds, where
    that is not what roles hold now: roles are data, and the next one may lack anything.
    """

    column: str
    role: Role | None = None
    grants: frozenset[Permission] = frozenset()
    is_owner: bool = False
    context: tuple[tuple[str, str], ...] | None = ()
    role_holds: frozenset[Permission] | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything this caller holds."""
        if self.role is None:
            return frozenset()
        held = PERMISSIONS_OF[self.role] if self.role_holds is None else self.role_holds
        return held | self.grants

    @contextmanager
    def at_the_door(self) -> Iterator[None]:
        """Have the roles hold what this caller's role is to hold."""
        if self.role is None or self.role_holds is None:
            yield
            return
        with patch.dict(PERMISSIONS_OF, {self.role: self.role_holds}):
            yield

    @property
    def word(self) -> Mapping[str, Any]:
        """What the authorizer tells the function."""
        if self.role is None:
            return dict(self.context or ())
        return {
            "kind": "user",
            "user_id": OWNER if self.is_owner else OTHER,
            "role": str(self.role),
            "grants": ",".join(sorted(self.grants)),
            "session_id": "session-1",
        }


ANONYMOUS = Caller("anonymous", context=(("kind", "anonymous"),))
INVALID = Caller("invalid token", context=(("kind", "invalid"), ("reason", "expired")))
UNAVAILABLE = Caller("not checked", context=(("kind", "unavailable"),))
NEW_ROLE = Caller(
    "unknown role",
    context=(("kind", "user"), ("user_id", OTHER), ("role", "of tomorrow"), ("grants", "")),
)
NO_AUTHORIZER = Caller("authorizer down", context=None)
STRANGERS = (ANONYMOUS, INVALID, UNAVAILABLE, NEW_ROLE, NO_AUTHORIZER)


def callers(endpoint: Endpoint) -> list[Caller]:
    """Return who is tried at *endpoint*.

    Strangers; every role, as owner and as somebody else where there is an owner; and for each
    permission that is mentioned somebody who was granted that and the route's rule, whose role
    holds nothing, and somebody whose role holds every permission but that.
    """
    found = [*STRANGERS]
    for role in Role:
        if endpoint.ownership is not None:
            found.append(Caller(str(role), role, is_owner=True))
        found.append(Caller(str(role), role))
    for permission in endpoint.permissions:
        granted = frozenset({permission, *endpoint.rule.permissions})
        rest = frozenset(Permission) - {permission}
        found += [
            Caller(f"granted {permission}", Role.CUSTOMER, granted, role_holds=frozenset()),
            Caller(f"all but {permission}", Role.CUSTOMER, role_holds=rest),
        ]
    return found
