"""Who may change what somebody may do (ADR 46)."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.identity.domain.entitlements import RolesGive
from shared.identity.domain.errors import OwnRights
from shared.identity.domain.user import User
from shared.kernel.refusals import permission_denied


@dataclass(frozen=True, slots=True, kw_only=True)
class Giver:
    """Who changes somebody's rights, and the permissions that they hold themselves."""

    id: str
    holds: frozenset[str]


def change_rights(
    user: User,
    change: Callable[[User], None],
    *,
    by: Giver,
    roles_give: RolesGive,
    require_admin: Callable[[str], None],
) -> None:
    """Have *change* done to *user*, unless *by* may not make that of them.

    `OwnRights`: nobody changes their own. `PermissionDenied`: nobody gives what they do not hold.
    `NeedsAnotherAdmin`, at the commit, by *require_admin*: who is an administrator before or after
    is changed by an active administrator alone, so that one is always left (ADR 45).
    """
    before = user.entitlements
    change(user)
    after = user.entitlements
    if by.id == user.id:
        raise OwnRights
    gained = after.held(roles_give) - before.held(roles_give)
    if lacking := gained - by.holds:
        raise permission_denied(*sorted(lacking))
    if before.administers or after.administers:
        require_admin(by.id)
