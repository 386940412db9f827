"""Give somebody other roles."""

from dataclasses import dataclass

from shared.identity.domain.account import Account
from shared.identity.domain.entitlements import RolesGive
from shared.identity.domain.rights_change import Giver, change_rights
from shared.identity.ports import IdentityUnitOfWork
from shared.kernel.errors import PreconditionFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRoles:
    """*user_id* is to have *roles* and no others, says *by*; *versions* may be changed."""

    user_id: str
    roles: tuple[str, ...]
    by: Giver
    versions: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRolesHandler:
    """One read, one transaction."""

    uow: IdentityUnitOfWork
    roles_give: RolesGive

    def __call__(self, command: ChangeRoles) -> Account:
        """Return the account as it is now: at the next request, in all its sessions.

        Raises `UserNotFound`, `PreconditionFailed` and what `change_rights` refuses.
        """
        with self.uow as uow:
            user, rights = uow.users.load(command.user_id)
            PreconditionFailed.check(command.versions, version=user.version)
            change_rights(
                user,
                lambda user: user.change_roles(command.roles),
                by=command.by,
                roles_give=self.roles_give,
                require_admin=uow.sessions.require_admin,
            )
            if user.pending_events:
                uow.users.save_rights(user, rights)
                uow.logins.let_in(user)
            result = Account.of(user)
            uow.commit(result)
        return result
