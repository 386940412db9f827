"""Lock somebody out: they cannot log in, and what they hold is no good any more."""

from dataclasses import dataclass, replace

from shared.identity.domain.account import Account, leave_an_admin
from shared.identity.domain.api_key import RevokeReason, revoke_all
from shared.identity.domain.session import EndReason, end_all
from shared.identity.ports import IdentityUnitOfWork
from shared.kernel.clock import Clock
from shared.kernel.errors import PreconditionFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class DeactivateUser:
    """Lock *user_id* out, as administrator *by*; *versions* are those that may be changed."""

    user_id: str
    by: str
    versions: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeactivateUserHandler:
    """One read, one transaction."""

    uow: IdentityUnitOfWork
    clock: Clock

    def __call__(self, command: DeactivateUser) -> Account:
        """Return the account as it is now; who is locked out already stays so.

        Raises `UserNotFound`, `PreconditionFailed` and `NeedsAnotherAdmin`.
        """
        with self.uow as uow:
            user, rights = uow.users.load(command.user_id)
            PreconditionFailed.check(command.versions, version=user.version)
            leave_an_admin(user, by=command.by, require_admin=uow.sessions.require_admin)
            user.deactivate()
            if user.pending_events:
                uow.users.save(user)
                uow.logins.let_in(user)
                now = self.clock.now()
                left, ended = end_all(rights, EndReason.DEACTIVATED, now=now)
                left, revoked = revoke_all(left, RevokeReason.DEACTIVATED, now=now)
                after = replace(left, active=False)
                uow.sessions.change_rights(rights, after, ended=ended, revoked=revoked)
            result = Account.of(user)
            uow.commit(result)
        return result
