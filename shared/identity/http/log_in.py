"""How a log-in looks, and its answer."""

from typing import Annotated

from pydantic import Field

from shared.identity.domain.password import Password
from shared.identity.http.parameters import DeviceTokenText, PasswordText
from shared.identity.http.session_views import seconds_left
from shared.identity.ports import TokenPair
from shared.identity.use_cases.log_in import LoggedIn, LogIn
from shared.kernel.email import Email
from shared.platform.http.models import Body, View
from shared.platform.rate_limits.rules import rate_limit
from shared.platform.validation.types import EmailText

LIMITS = (
    rate_limit("20 log-ins a minute per ip", burst=2, fail_closed=True),
    rate_limit("300 log-ins of a network a minute per network", fail_closed=True),
    rate_limit("6000 log-ins of everybody a minute per all", fail_closed=True),
)
"""They fail closed: nobody guesses passwords while the guesses cannot be counted.

Behind one address may be an office: at nine in the morning it spends two minutes' worth at once.
"""


class LogInBody(Body):
    """Somebody who has an account."""

    email: EmailText
    password: PasswordText
    device_token: DeviceTokenText = None

    def to_command(self, *, client: str) -> LogIn:
        """Return the command of a *client* that calls itself so."""
        return LogIn(
            email=Email(self.email),
            password=Password(self.password.get_secret_value()),
            device_token=self.device_token,
            client=client,
        )


class LoggedInUserView(View):
    """Who has logged in."""

    id: str
    email: str
    role: str


class TokenView(View):
    """A session's first tokens (RFC 6749, 5.1); ``expires_in`` is in seconds from this answer."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105  # the name of the scheme
    expires_in: int
    refresh_token: Annotated[
        str, Field(description="Good once, for the next tokens: POST /api/v1/auth/refresh")
    ]
    session_id: str
    session_ends_at: Annotated[
        str, Field(description="When one has to log in again, however often one refreshes")
    ]
    device_token: Annotated[
        str | None, Field(description="To be kept by the device and sent with its next log-in")
    ]
    user: LoggedInUserView

    @classmethod
    def of(cls, session: LoggedIn, given: TokenPair, *, device_token: str | None) -> "TokenView":
        return cls(
            access_token=given.access_token,
            refresh_token=given.refresh_token,
            session_id=session.session_id,
            session_ends_at=session.session_ends_at,
            device_token=device_token,
            expires_in=seconds_left(issued_at=session.issued_at, expires_in=session.expires_in),
            user=LoggedInUserView(id=session.user_id, email=session.email, role=session.role),
        )
