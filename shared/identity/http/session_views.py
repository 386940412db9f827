"""What identity shows of sessions."""

from typing import Annotated

from pydantic import Field

from shared.identity.ports import SessionSummary
from shared.kernel.clock import SystemClock, to_iso
from shared.platform.http.models import View
from shared.platform.runtime.context import current


def seconds_left(*, issued_at: int, expires_in: int) -> int:
    """Return the seconds from this answer on: a stored one is given later, and lives no longer."""
    if not current().replayed:
        return expires_in
    return max(0, issued_at + expires_in - int(SystemClock().now().timestamp()))


class SessionView(View):
    """Where somebody is logged in."""

    id: str
    client: Annotated[
        str, Field(description="How the program called itself that logged in (User-Agent)")
    ]
    started_at: str
    renewed_at: Annotated[str, Field(description="When its tokens were given last")]
    ends_at: Annotated[str, Field(description="When it ends, however often it is renewed")]
    idle_ends_at: Annotated[str, Field(description="When it ends unless it is renewed before")]
    proven_by: Annotated[
        list[str], Field(description="By which proofs it began (RFC 8176)", examples=[["pwd"]])
    ]
    is_current: Annotated[bool, Field(description="Whether this request came in it")]

    @classmethod
    def of(cls, session: SessionSummary, *, current_id: str | None) -> "SessionView":
        return cls(
            id=session.id,
            client=session.client,
            started_at=to_iso(session.live.proven_at),
            renewed_at=to_iso(session.live.renewed_at),
            ends_at=to_iso(session.live.ends_at),
            idle_ends_at=to_iso(session.live.idle_ends_at),
            proven_by=list(session.live.proven_by),
            is_current=session.id == current_id,
        )


class SessionIdView(View):
    """A session that is over."""

    id: str
