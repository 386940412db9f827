"""A request for every route that succeeds for whoever may send it: the function's sample event."""

import copy
import json
from collections.abc import Callable
from typing import Any

from shared.platform.access.permissions import Permission
from shared.platform.access.security import Reserve
from tools.lab.authorization.endpoints import Endpoint
from tools.lab.authorization.world import OWNER, SECRET, about
from tools.lab.support.functions import sample_event

Event = dict[str, Any]
SAMPLE_ORDER = "0190a000-0000-7000-8000-0000000000d1"
OWNERS = (OWNER, SAMPLE_ORDER, "ada@example.com", "Ada")
"""Texts that only what belongs to the owner has."""


def _body(event: Event, change: Callable[[Any], None]) -> Event:
    body = json.loads(event["body"])
    change(body)
    event["body"] = json.dumps(body)
    event["headers"]["content-length"] = str(len(event["body"]))
    return event


def _confidential(event: Event) -> Event:
    return about(event, SECRET)


def _far_price(event: Event) -> Event:
    return _body(event, lambda body: body.update(price={"amount": 99_900, "currency": "GBP"}))


def _hidden(event: Event) -> Event:
    return _body(event, lambda body: body.update(is_confidential=True))


RESERVED: dict[Permission, Callable[[Event], Event]] = {
    Permission.PRODUCT_READ_CONFIDENTIAL: _confidential,
    Permission.PRODUCT_ADMIN: _far_price,
    Permission.PRODUCT_PUBLISH: _hidden,
}
"""Makes the sample touch what is kept for holders of the permission."""


def _unchanged(event: Event) -> Event:
    return event


PREPARED: dict[str, Callable[[Event], Event]] = {
    # The sample's address is taken in our scene.
    "identity/register": lambda event: _body(event, lambda b: b.update(email="eve@example.com")),
}


def request(endpoint: Endpoint, case: Reserve | None) -> Event:
    """Return the event of a request to *endpoint*, touching what *case* reserves."""
    event = copy.deepcopy(sample_event(endpoint.service, endpoint.use_case))
    event["requestContext"]["http"]["method"] = endpoint.method  # the sample's, or HEAD
    event = PREPARED.get(endpoint.function, _unchanged)(event)
    if case is not None:
        if case.permission not in RESERVED:
            raise LookupError(f"{endpoint.name}: RESERVED lacks how to ask for {case.permission}")
        event = RESERVED[case.permission](event)
    event["headers"].pop("authorization", None)
    return event


def shows(case: Reserve | None, body: str) -> bool:
    """Tell whether *body* has what not everybody may see."""
    kept = (SECRET,) if case is not None else OWNERS
    return any(text in body for text in kept)
