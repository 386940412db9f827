"""Give somebody an account."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.identity.domain.entitlements import Role
from shared.identity.domain.password import Password
from shared.identity.domain.user import User
from shared.identity.ports import CommonPasswords, IdentityUnitOfWork, PasswordHasher
from shared.kernel.clock import Clock, to_iso
from shared.kernel.commands import CommandResult
from shared.kernel.email import Email
from shared.kernel.ids import IdSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterUser:
    """Only the operator's own tools ask for another role than customer."""

    email: Email
    name: str
    password: Password = field(repr=False)
    role: Role = Role.CUSTOMER


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredUser(CommandResult):
    """The new user; ``created_at`` is RFC 3339."""

    user_id: str
    email: str
    name: str
    role: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterUserHandler:
    """One transaction, no read: the e-mail's claim decides who was first."""

    uow: IdentityUnitOfWork
    hasher: PasswordHasher
    common_passwords: CommonPasswords
    clock: Clock
    ids: IdSource

    def __call__(self, command: RegisterUser) -> RegisteredUser:
        """Return the new user; `EmailTaken`, `WeakPassword` or `ValidationFailed` refuse it."""
        user = User.register(
            self.ids(),
            email=command.email,
            name=command.name,
            role=command.role,
            at=self.clock.now(),
        )
        self.check(command.password, about=(user.email.key, user.name))
        result = RegisteredUser(
            user_id=user.id,
            email=user.email.address,
            name=user.name,
            role=user.entitlements.main_role,
            created_at=to_iso(user.created_at),
        )
        with self.uow as uow:
            uow.users.add(user, password_hash=self.hasher.hash(command.password))
            uow.commit(result)
        return result

    def check(self, password: Password, *, about: Iterable[str]) -> None:
        """Raise `WeakPassword` for a password that is easy to guess for who knows *about*."""
        password.check(is_common=self.common_passwords.__contains__, about=about)
