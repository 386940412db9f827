"""How a refresh looks, and its answer."""

from typing import Annotated, Protocol

from pydantic import Field

from shared.identity.domain.errors import CookieSessionOver, InvalidRefreshToken
from shared.identity.http.cookie_views import CookieSessionView, cookies_of
from shared.identity.http.parameters import RefreshTokenText
from shared.identity.http.session_views import seconds_left
from shared.identity.ports import SessionSigner, TokenPair
from shared.identity.use_cases.refresh_tokens import (
    Refreshed,
    RefreshTokens,
    RefreshTokensHandler,
)
from shared.kernel.errors import AuthenticationFailed
from shared.platform.access.session_cookies import Sent, forgotten
from shared.platform.dynamodb.markers import IdempotencyKeyReused
from shared.platform.entry.commands import execute
from shared.platform.http.models import Body, View
from shared.platform.http.reply import Reply


class RefreshBody(Body):
    """The refresh token that the last log-in or refresh has given."""

    refresh_token: RefreshTokenText

    @property
    def token(self) -> str:
        """The token itself."""
        return self.refresh_token.get_secret_value()


class CookieReader(Protocol):
    """Reads cookies that are credentials."""

    def refresh_token(self, sent: Sent) -> str | None:
        """Return the refresh token that came in a cookie, if one did, and its CSRF token too."""
        ...


class RefreshedView(View):
    """New tokens (RFC 6749, 5.1); ``expires_in`` is in seconds from this answer on."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105  # the name of the scheme
    expires_in: int
    refresh_token: Annotated[
        str, Field(description="Takes the place of the one that was sent, which is used up now")
    ]
    session_id: str
    session_ends_at: Annotated[
        str, Field(description="When one has to log in again, however often one refreshes")
    ]

    @classmethod
    def of(cls, session: Refreshed, given: TokenPair) -> "RefreshedView":
        return cls(
            access_token=given.access_token,
            expires_in=seconds_left(issued_at=session.issued_at, expires_in=session.expires_in),
            refresh_token=given.refresh_token,
            session_id=session.session_id,
            session_ends_at=session.session_ends_at,
        )


def refreshed(
    body: RefreshBody | None,
    sent: Sent,
    refresh: RefreshTokensHandler,
    credentials: CookieReader,
) -> Refreshed:
    """Go on with the session of the token in the *body*, or else in the cookies *sent*.

    `CookieSessionOver` where that ends the cookies, too.
    """
    if body is not None:
        return _executed(refresh, body.token)
    try:
        token = credentials.refresh_token(sent)
        if token is None:
            raise AuthenticationFailed
        return _executed(refresh, token)
    except InvalidRefreshToken as over:
        headers = [(b"set-cookie", each.encode()) for each in forgotten()]
        raise CookieSessionOver(over.reason, headers=headers) from over


def _executed(refresh: RefreshTokensHandler, token: str) -> Refreshed:
    command = RefreshTokens(refresh_token=token)

    def again(result: Refreshed) -> None:
        # What came in a cookie is in no fingerprint: a key of others must not answer with theirs.
        if not refresh.is_about(command, result):
            raise IdempotencyKeyReused

    return execute(refresh, command, returns=Refreshed, again=again)


def refreshed_reply(
    session: Refreshed, tokens: SessionSigner, *, in_cookies: bool
) -> Reply[RefreshedView | CookieSessionView]:
    """Return the answer with the next tokens where the last one came from."""
    if not in_cookies:
        return Reply(RefreshedView.of(session, tokens.sign(session.access, session.next)))
    given = tokens.sign_for_cookies(session.access, session.next)
    return Reply(CookieSessionView.of(session, given), cookies=cookies_of(session, given))
