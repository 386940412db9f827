"""An account as administrators have it, and what their acts have in common."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.identity.domain.errors import NeedsAnotherAdmin
from shared.identity.domain.user import User
from shared.kernel.commands import CommandResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(CommandResult):
    """What somebody may do after it. It is stored for replays, so it says nothing else of them."""

    user_id: str
    active: bool
    roles: tuple[str, ...] = ()  # what an earlier release has remembered has none
    grants: tuple[str, ...]
    restrictions: tuple[str, ...] = ()
    version: int

    @classmethod
    def of(cls, user: User) -> "Account":
        return cls(
            user_id=user.id,
            active=user.active,
            roles=user.entitlements.roles,
            grants=user.entitlements.grants,
            restrictions=user.entitlements.restrictions,
            version=user.version,
        )


def leave_an_admin(user: User, *, by: str, require_admin: Callable[[str], None]) -> None:
    """Have somebody else be an administrator before *user* stops being one; *by* is who acts.

    *require_admin* has the commit hold only while that one is an active administrator.
    `NeedsAnotherAdmin` if that is nobody else, or, at the commit, no administrator (any more). So
    there is one after every commit, with no list of them to be kept (ADR 45).
    """
    if not user.administers:
        return
    if by == user.id:
        raise NeedsAnotherAdmin
    require_admin(by)
