"""How a log-out looks."""

from typing import Annotated

from pydantic import Field

from shared.identity.http.parameters import RefreshTokenText
from shared.platform.http.models import Body


class LogOutBody(Body):
    """Which session ends, for a program whose access token has expired."""

    refresh_token: Annotated[
        RefreshTokenText | None,
        Field(
            description="Any refresh token of the session, sent without an Authorization header"
            " where the access token has expired; without one, the access token's session ends"
        ),
    ] = None

    @property
    def token(self) -> str | None:
        """The token itself, if there is one."""
        return self.refresh_token.get_secret_value() if self.refresh_token else None
