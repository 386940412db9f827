"""What a browser is answered whose session lies in cookies."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from shared.identity.domain.access import Granted
from shared.identity.domain.rights import LONGEST_IDLE
from shared.identity.http.session_views import seconds_left
from shared.identity.ports import CookieTokens
from shared.kernel.clock import SystemClock, from_iso
from shared.platform.access.session_cookies import set_cookies
from shared.platform.http.models import View


class CookieSessionView(View):
    """A session whose tokens are in cookies; ``expires_in`` is in seconds from this answer on."""

    csrf_token: Annotated[
        str,
        Field(
            description="To be sent in X-CSRF-Token with every request that changes something;"
            " the cookie __Host-tradewind-csrf says it, too, to pages of this very origin"
        ),
    ]
    expires_in: int
    session_id: str
    session_ends_at: Annotated[
        str, Field(description="When one has to log in again, however often one refreshes")
    ]

    @classmethod
    def of(cls, session: Granted, given: CookieTokens) -> "CookieSessionView":
        return cls(
            csrf_token=given.csrf_token,
            expires_in=seconds_left(issued_at=session.issued_at, expires_in=session.expires_in),
            session_id=session.session_id,
            session_ends_at=session.session_ends_at,
        )


def cookies_of(session: Granted, given: CookieTokens) -> Sequence[str]:
    """Return the ``Set-Cookie`` of what was *given*: each for as long as its token is good."""
    idle = session.issued_at + int(LONGEST_IDLE.total_seconds())
    ends = min(idle, int(from_iso(session.session_ends_at).timestamp()))
    left = max(0, ends - int(SystemClock().now().timestamp()))
    access = seconds_left(issued_at=session.issued_at, expires_in=session.expires_in)
    return set_cookies(
        access=(given.access_token, access),
        refresh=(given.refresh_token, left),
        csrf=given.csrf_token,
    )
