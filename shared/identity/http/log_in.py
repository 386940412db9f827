"""How a log-in looks, and its answer."""

from typing import Annotated, Literal

from pydantic import Field

from shared.identity.domain.password import Password
from shared.identity.http.cookie_views import CookieSessionView, cookies_of
from shared.identity.http.parameters import DeviceTokenText, PasswordText
from shared.identity.http.session_views import seconds_left
from shared.identity.ports import CookieTokens, SessionSigner, TokenPair
from shared.identity.use_cases.log_in import LoggedIn, LogIn
from shared.kernel.email import Email
from shared.platform.http.models import Body, View
from shared.platform.http.reply import Reply
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


SessionKind = Literal["bearer", "cookie"]
"""How a session's tokens are carried."""


class LogInBody(Body):
    """Somebody who has an account."""

    email: EmailText
    password: PasswordText
    device_token: DeviceTokenText = None
    session: Annotated[
        SessionKind,
        Field(
            description="Where the tokens go: into the answer, for a program that sends them in"
            " Authorization; or into cookies that no page can read, for a page on this site"
        ),
    ] = "bearer"

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
            user=_user(session),
        )


class CookieLogInView(CookieSessionView):
    """A session whose tokens are in cookies, and whose it is."""

    device_token: Annotated[
        str | None, Field(description="To be kept by the device and sent with its next log-in")
    ]
    user: LoggedInUserView

    @classmethod
    def begun(
        cls, session: LoggedIn, given: CookieTokens, *, device_token: str | None
    ) -> "CookieLogInView":
        known = dict(CookieSessionView.of(session, given))
        return cls(**known, device_token=device_token, user=_user(session))


def log_in_reply(
    kind: SessionKind, session: LoggedIn, tokens: SessionSigner, *, device_token: str | None
) -> Reply[TokenView | CookieLogInView]:
    """Return the answer with the tokens in it, or in its cookies."""
    if kind == "bearer":
        pair = tokens.sign(session.access, session.next)
        return Reply(TokenView.of(session, pair, device_token=device_token))
    given = tokens.sign_for_cookies(session.access, session.next)
    view = CookieLogInView.begun(session, given, device_token=device_token)
    return Reply(view, cookies=cookies_of(session, given))


def _user(session: LoggedIn) -> LoggedInUserView:
    return LoggedInUserView(id=session.user_id, email=session.email, role=session.role)
