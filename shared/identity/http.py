"""How identity's requests and answers look."""

from typing import Annotated

from pydantic import Field, SecretStr

from shared.identity.domain.password import Password
from shared.identity.ports import Profile
from shared.identity.use_cases.log_in import LoggedIn, LogIn
from shared.identity.use_cases.register_user import RegisteredUser, RegisterUser
from shared.kernel.clock import to_iso
from shared.kernel.email import Email
from shared.platform.access.permissions import Principal
from shared.platform.http.models import Body, View
from shared.platform.http.text import Line
from shared.platform.validation.types import EmailText

# Generous bounds: the policy and its messages are the domain's. A bound there must be, because
# the password is normalised and hashed before anything else is known about the caller.
PasswordText = Annotated[
    SecretStr, Field(min_length=1, max_length=1_024, examples=["correct horse battery staple"])
]


class RegisterBody(Body):
    """Somebody who wants an account."""

    email: EmailText
    password: PasswordText
    name: Annotated[Line, Field(min_length=1, max_length=200, examples=["Ada Lovelace"])]

    def to_command(self) -> RegisterUser:
        """Return the command."""
        return RegisterUser(
            email=Email(self.email),
            name=self.name,
            password=Password(self.password.get_secret_value()),
        )


class LogInBody(Body):
    """Somebody who has an account."""

    email: EmailText
    password: PasswordText

    def to_command(self) -> LogIn:
        """Return the command."""
        return LogIn(email=Email(self.email), password=Password(self.password.get_secret_value()))


class UserView(View):
    """A new user."""

    id: str
    email: str
    name: str
    role: str
    created_at: str

    @classmethod
    def of(cls, user: RegisteredUser) -> "UserView":
        return cls(
            id=user.user_id,
            email=user.email,
            name=user.name,
            role=user.role,
            created_at=user.created_at,
        )


class LoggedInUserView(View):
    """Who has logged in."""

    id: str
    email: str
    role: str


class TokenView(View):
    """An access token (RFC 6750); ``expires_in`` is in seconds from when it was issued."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105  # the name of the scheme
    expires_in: int
    user: LoggedInUserView

    @classmethod
    def of(cls, session: LoggedIn, *, access_token: str) -> "TokenView":
        user = LoggedInUserView(id=session.user_id, email=session.email, role=session.role)
        return cls(access_token=access_token, expires_in=session.expires_in, user=user)


class ProfileView(View):
    """The caller, and what they may do."""

    id: str
    email: str
    name: str
    role: str
    permissions: list[str]
    created_at: str

    @classmethod
    def of(cls, profile: Profile, caller: Principal) -> "ProfileView":
        return cls(
            id=profile.user_id,
            email=profile.email,
            name=profile.name,
            role=profile.role,
            permissions=sorted(caller.permissions),
            created_at=to_iso(profile.created_at),
        )
