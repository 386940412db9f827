"""How a registration looks, and its answer."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.identity.domain.errors import WeakPassword
from shared.identity.domain.password import Password
from shared.identity.domain.user import clean_name
from shared.identity.http.parameters import PasswordText
from shared.identity.use_cases.register_user import (
    RegisteredUser,
    RegisterUser,
    RegisterUserHandler,
)
from shared.kernel.email import Email
from shared.kernel.errors import FieldError
from shared.platform.http.models import Body, Given, View
from shared.platform.http.text import Line
from shared.platform.runtime.services import services
from shared.platform.validation.domain import by_domain
from shared.platform.validation.types import EmailText


class RegisterBody(Body):
    """Somebody who wants an account."""

    email: EmailText
    password: PasswordText
    name: Annotated[
        Line,
        Field(min_length=1, max_length=200, examples=["Ada Lovelace"]),
        AfterValidator(by_domain(clean_name)),
    ]

    @classmethod
    def further(cls, given: Given) -> Iterable[FieldError]:
        """Say what is wrong with the password, too."""
        if "password" not in given.body:
            return ()
        about = [given.body[name] for name in ("email", "name") if name in given.body]
        try:
            services.get(RegisterUserHandler).check(Password(given.body["password"]), about=about)
        except WeakPassword as refused:
            return refused.errors
        return ()

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
