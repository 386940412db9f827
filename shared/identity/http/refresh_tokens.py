"""How a refresh looks, and its answer."""

from typing import Annotated

from pydantic import Field

from shared.identity.http.parameters import RefreshTokenText
from shared.identity.http.session_views import seconds_left
from shared.identity.ports import TokenPair
from shared.identity.use_cases.refresh_tokens import Refreshed, RefreshTokens
from shared.platform.http.models import Body, View


class RefreshBody(Body):
    """The refresh token that the last log-in or refresh has given."""

    refresh_token: RefreshTokenText

    def to_command(self) -> RefreshTokens:
        """Return the command."""
        return RefreshTokens(refresh_token=self.refresh_token.get_secret_value())


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
