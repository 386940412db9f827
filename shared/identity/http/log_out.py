"""How a log-out looks."""

from typing import Annotated

from pydantic import Field

from shared.identity.http.parameters import RefreshTokenText
from shared.platform.http.models import Body


class LogOutBody(Body):
    """Which session ends, for a program whose access token has expired."""

    refresh_token: Annotated[
        RefreshTokenText,
        Field(description="Any refresh token of the session; without one, the access token's"),
    ]
