"""Let somebody in again who was locked out."""

from dataclasses import dataclass, replace

from shared.identity.domain.account import Account
from shared.identity.ports import IdentityUnitOfWork
from shared.kernel.errors import PreconditionFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivateUser:
    """Let *user_id* in again; *versions* are those that may be changed."""

    user_id: str
    versions: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivateUserHandler:
    """One read, one transaction."""

    uow: IdentityUnitOfWork

    def __call__(self, command: ReactivateUser) -> Account:
        """Return the account as it is now: they may log in, and no session has come back.

        Raises `UserNotFound` and `PreconditionFailed`.
        """
        with self.uow as uow:
            user, rights = uow.users.load(command.user_id)
            PreconditionFailed.check(command.versions, version=user.version)
            user.reactivate()
            if user.pending_events:
                uow.users.save(user)
                uow.logins.let_in(user)
                uow.sessions.change_rights(rights, replace(rights, active=True))
            result = Account.of(user)
            uow.commit(result)
        return result
