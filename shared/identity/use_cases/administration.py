"""What the acts of administrators have in common."""

from dataclasses import dataclass

from shared.identity.domain.errors import NeedsAnotherAdmin
from shared.identity.domain.user import User
from shared.identity.ports import IdentityUnitOfWork
from shared.kernel.commands import CommandResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(CommandResult):
    """What somebody may do after it. It is stored for replays, so it says nothing else of them."""

    user_id: str
    active: bool
    role: str
    grants: tuple[str, ...]
    version: int

    @classmethod
    def of(cls, user: User) -> "Account":
        return cls(
            user_id=user.id,
            active=user.active,
            role=user.role.value,
            grants=user.grants,
            version=user.version,
        )


def leave_an_admin(uow: IdentityUnitOfWork, user: User, *, by: str) -> None:
    """Have somebody else be an administrator before *user* stops being one; *by* is who acts.

    `NeedsAnotherAdmin` if that is nobody else, or, at the commit, no active administrator (any
    more). So there is one after every commit, with no list of them to be kept (ADR 45).
    """
    if not user.administers:
        return
    if by == user.id:
        raise NeedsAnotherAdmin
    uow.sessions.require_admin(by)
