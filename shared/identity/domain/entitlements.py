"""Entitlements: the roles somebody has, what was granted to them besides, and what is withheld."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

RolesGive = Callable[[Iterable[str]], frozenset[str]]
"""What roles give together; the platform's table of permissions says so."""

ADMINISTRATION = "user:admin"
"""The permission without which an administrator administers nobody."""


class Role(StrEnum):
    """The roles a user can have, the weightiest last."""

    CUSTOMER = "customer"
    WAREHOUSE = "warehouse"
    SUPPORT = "support"
    SALES = "sales"
    MERCHANDISER = "merchandiser"
    OPERATOR = "operator"
    ADMIN = "admin"


_WEIGHT = {str(role): weight for weight, role in enumerate(Role)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlements:
    """What one user may do: what ``roles`` give, and ``grants``, but for ``restrictions``.

    All are in one order and without repetition, so that equal means the same.
    """

    roles: tuple[str, ...]
    grants: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, roles: Iterable[str], grants: Iterable[str] = (), restrictions: Iterable[str] = ()
    ) -> "Entitlements":
        """Return them in their order."""
        names = {str(role) for role in roles}
        return cls(
            roles=tuple(sorted(names, key=lambda name: (_WEIGHT.get(name, len(Role)), name))),
            grants=tuple(sorted(set(grants))),
            restrictions=tuple(sorted(set(restrictions))),
        )

    @property
    def main_role(self) -> str:
        """The weightiest role, where there is room for one to be shown."""
        return self.roles[-1]

    @property
    def sole_role(self) -> str | None:
        """The one role that, with the grants, says everything; ``None`` where none does.

        Releases that know one role and no restrictions read it. Where it is missing they refuse,
        and never allow more than there is.
        """
        return self.roles[0] if len(self.roles) == 1 and not self.restrictions else None

    @property
    def administers(self) -> bool:
        """Whether they make somebody an administrator."""
        return Role.ADMIN in self.roles and ADMINISTRATION not in self.restrictions

    def to_data(self) -> dict[str, list[str]]:
        """Return them as events have them."""
        return {
            "roles": [*self.roles],
            "grants": [*self.grants],
            "restrictions": [*self.restrictions],
        }

    def held(self, roles_give: RolesGive) -> frozenset[str]:
        """Return the permissions that are held in the end: a restriction wins."""
        return (roles_give(self.roles) | {*self.grants}) - {*self.restrictions}

    def with_roles(self, roles: Iterable[str]) -> "Entitlements":
        """Return them with other roles; what was granted and what is withheld stay."""
        return Entitlements.of(roles, self.grants, self.restrictions)

    def granting(self, permission: str, roles_give: RolesGive) -> "Entitlements":
        """Return them with *permission* held: no restriction is left, and a grant where needed."""
        lifted = replace(
            self, restrictions=tuple(each for each in self.restrictions if each != permission)
        )
        if permission in lifted.held(roles_give):
            return lifted
        return Entitlements.of(lifted.roles, (*lifted.grants, permission), lifted.restrictions)

    def revoking(self, permission: str, roles_give: RolesGive) -> "Entitlements":
        """Return them without *permission*: no grant is left, and a restriction where needed."""
        left = replace(self, grants=tuple(each for each in self.grants if each != permission))
        if permission not in left.held(roles_give):
            return left
        return Entitlements.of(left.roles, left.grants, (*left.restrictions, permission))
