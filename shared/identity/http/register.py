"""How a registration looks, and its answer."""

from typing import Annotated

from pydantic import Field

from shared.identity.domain.password import Password
from shared.identity.http.parameters import PasswordText
from shared.identity.use_cases.register_user import RegisteredUser, RegisterUser
from shared.kernel.email import Email
from shared.platform.http.models import Body, View
from shared.platform.http.text import Line
from shared.platform.validation.types import EmailText


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
