"""What every endpoint answers to its sample event, with what differs from run to run masked."""

import asyncio
import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

from shared.platform.access.permissions import Role
from tools.lab.authorization.callers import ANONYMOUS, Caller
from tools.lab.authorization.endpoints import Endpoint, endpoints
from tools.lab.authorization.requests import Event, request
from tools.lab.authorization.world import World, built, invoke
from tools.lab.privileges.symbols import System

ASKING = (
    ANONYMOUS,
    Caller("customer", Role.CUSTOMER, is_owner=True),
    Caller("administrator", Role.ADMIN, is_owner=True),
)
"""Who sends each sample: nobody known, the owner, and the owner as an administrator."""
_MASKS = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)"), "<time>"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"), "<token>"),
    (re.compile(r'("(?:next|prev)_cursor": ")[^"]+'), r"\1<cursor>"),
    (re.compile(r'("(?:latency_ms|age_seconds)": )[\d.]+'), r'\1"<number>"'),
    (re.compile(r'("kid": ")[^"]+'), r"\1<key>"),
    (re.compile(r'("device_token": ")[^"]+'), r"\1<device>"),
    (re.compile(r'("refresh_token": ")[^"]+'), r"\1<refresh>"),
    (re.compile(r'("api_key": ")[^"]+'), r"\1<API key>"),
)
_SCENE = re.compile(r"(0190a000-0000)-7(000-8000-\w{12})")
"""Ids of the scene are part of the answer: they keep their names, unlike those that are drawn."""
_COUNTED = ("ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset", "content-length")
"""Headers that say how often or when the endpoint was asked."""


def answers(dressed: Callable[[Event], Event] = dict) -> dict[str, Any]:
    """Return status, headers and body by ``METHOD path as caller``.

    *dressed* makes of each sample what is sent.
    """
    asyncio.set_event_loop(asyncio.new_event_loop())
    system, found = System(), {}
    with redirect_stdout(io.StringIO()), built(system) as world:
        for endpoint in endpoints(system):
            for caller in ASKING:
                found[f"{endpoint.name} as {caller.column}"] = _answer(
                    world, endpoint, caller, dressed
                )
    return found


def _answer(
    world: World, endpoint: Endpoint, caller: Caller, dressed: Callable[[Event], Event]
) -> Any:
    event = request(endpoint, None)
    event["requestContext"].pop("authorizer", None)
    if endpoint.protected:
        event["requestContext"]["authorizer"] = {"lambda": dict(caller.word)}
    answer = invoke(world, endpoint.function, dressed(event))
    world.undo()
    headers = {name: value for name, value in answer["headers"].items() if name not in _COUNTED}
    body = json.loads(answer["body"]) if answer.get("body") else None
    return masked({"status": answer["statusCode"], "headers": headers, "body": body})


def masked(answer: Any) -> Any:
    """Return *answer* with everything masked that no two runs have in common."""
    text = _SCENE.sub(r"\1-7_\2", json.dumps(answer))
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return json.loads(text.replace("-7_", "-7"))
