"""Requests to the emulator's own endpoints."""

import json
import urllib.request
from typing import Any, cast

TIMEOUT_SECONDS = 10


def get_json(url: str) -> dict[str, Any]:
    """Return the JSON object at *url*; no proxy of the environment stands between."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=TIMEOUT_SECONDS) as answer:
        return cast("dict[str, Any]", json.load(answer))
