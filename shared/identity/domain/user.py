"""Users: who they are and what they may do. Their password lives elsewhere, with their log-in."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from shared.identity.domain.entitlements import Entitlements, Role, RolesGive
from shared.identity.domain.events import (
    PasswordChanged,
    PermissionGranted,
    PermissionRevoked,
    RolesChanged,
    UserDeactivated,
    UserReactivated,
    UserRegistered,
)
from shared.kernel.aggregate import Aggregate
from shared.kernel.email import Email
from shared.kernel.errors import ValidationFailed
from shared.kernel.text import has_address, is_line

MAX_NAME_LENGTH = 100
FIRST_ROLES = (Role.CUSTOMER, Role.MERCHANDISER, Role.ADMIN)
"""What an account can begin with: all that ``user.registered`` has a word for."""


class User(Aggregate):
    """A person with an account.

    What they may do is their ``entitlements``. A user who is not ``active`` cannot log in, and
    access tokens they hold stop working.
    """

    aggregate_type = "User"

    def __init__(
        self,
        id: str,
        *,
        email: Email,
        name: str,
        entitlements: Entitlements,
        created_at: datetime,
        active: bool = True,
        version: int = 0,
    ) -> None:
        super().__init__(id, version=version)
        self.email = email
        self.name = name
        self.entitlements = entitlements
        self.active = active
        self.created_at = created_at

    @classmethod
    def register(cls, id: str, *, email: Email, name: str, role: Role, at: datetime) -> "User":
        """Return a new, active user; `ValidationFailed` for a name nobody can have."""
        user = cls(
            id,
            email=email,
            name=clean_name(name),
            entitlements=Entitlements.of([role]),
            created_at=at,
        )
        user._record(
            UserRegistered(user_id=id, email=email.address, name=user.name, role=role.value)
        )
        return user

    @property
    def administers(self) -> bool:
        """Whether they are one of those of whom there must be one left."""
        return self.active and self.entitlements.administers

    def deactivate(self) -> None:
        """Lock them out, if they are not yet."""
        if self.active:
            self.active = False
            self._record(UserDeactivated(user_id=self.id))

    def reactivate(self) -> None:
        """Let them in again, if they are locked out."""
        if not self.active:
            self.active = True
            self._record(UserReactivated(user_id=self.id))

    def change_roles(self, roles: Iterable[str]) -> None:
        """Have just these roles; grants and restrictions stay."""
        before, after = self.entitlements, self.entitlements.with_roles(roles)
        if after != before:
            self.entitlements = after
            self._record(
                RolesChanged(user_id=self.id, before=before.to_data(), after=after.to_data())
            )

    def grant(self, permission: str, roles_give: RolesGive) -> None:
        """Hold *permission* from now on, if they do not yet."""
        before, after = self.entitlements, self.entitlements.granting(permission, roles_give)
        if after != before:
            self.entitlements = after
            self._record(
                PermissionGranted(
                    user_id=self.id,
                    permission=permission,
                    before=before.to_data(),
                    after=after.to_data(),
                )
            )

    def revoke(self, permission: str, roles_give: RolesGive) -> None:
        """Hold *permission* no more, if they do, whatever gives it."""
        before, after = self.entitlements, self.entitlements.revoking(permission, roles_give)
        if after != before:
            self.entitlements = after
            self._record(
                PermissionRevoked(
                    user_id=self.id,
                    permission=permission,
                    before=before.to_data(),
                    after=after.to_data(),
                )
            )

    def change_password(self) -> None:
        """Have another password, which lies with the log-in."""
        self._record(PasswordChanged(user_id=self.id))


def clean_name(name: str) -> str:
    """Return *name* trimmed and in Unicode's composed form (NFC); `ValidationFailed` for none."""
    clean = unicodedata.normalize("NFC", name).strip()
    if not 1 <= len(clean) <= MAX_NAME_LENGTH:
        message = f"Must have 1 to {MAX_NAME_LENGTH} characters."
        raise ValidationFailed.of("name", message, "name_length")
    if not is_line(clean):
        message = "Must be one line of text that can be seen, without control characters."
        raise ValidationFailed.of("name", message, "name_characters")
    if has_address(clean):
        message = "Must have no web or mail address in it; put a blank after each dot."
        raise ValidationFailed.of("name", message, "name_address")
    return clean
