"""How a cancellation looks."""

from pydantic import Field

from shared.platform.http.models import Body
from shared.platform.http.text import Text


class CancelOrderBody(Body):
    """Why the order is cancelled."""

    reason: Text | None = Field(default=None, max_length=200, examples=["Ordered by mistake."])
