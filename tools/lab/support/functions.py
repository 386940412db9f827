"""Calling the functions of a context: their sample events, and what they answer over HTTP."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tools.lab.support.http_events import json_of

EVENTS = Path(__file__).parents[3] / "events"


def sample_event(context: str, use_case: str) -> dict[str, Any]:
    """Return the sample event of a function."""
    found: dict[str, Any] = json.loads((EVENTS / context / f"{use_case}.json").read_text())
    return found


@dataclass
class Answer:
    """What a function answered over HTTP."""

    status: int
    headers: dict[str, str]
    json: Any
    cookies: tuple[str, ...] = ()
    """The values of ``Set-Cookie``."""

    @classmethod
    def of(cls, response: Mapping[str, Any]) -> Self:
        """Return the answer in a function's *response*."""
        body = json_of(response) if response.get("body") else None
        cookies = tuple(response.get("cookies") or ())
        return cls(response["statusCode"], response["headers"], body, cookies)

    @property
    def data(self) -> Any:
        """The data of the envelope."""
        return self.json["data"]

    @property
    def code(self) -> str:
        """The code of the error."""
        code: str = self.json["error"]["code"]
        return code
