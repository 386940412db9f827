"""What the API client raises."""

from collections.abc import Mapping
from typing import Any

from tools.entry.guard import ToolError


class ApiError(ToolError):
    """The API refused, or kept failing until the retries were used up.

    *code* and *details* are those of the answer's envelope; a body without an envelope has the
    code ``HTTP_<status>``.
    """

    def __init__(self, status: int, code: str, message: str, details: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message
        self.details = dict(details)


class Unreachable(ToolError):
    """No answer came, however often the request was sent."""
