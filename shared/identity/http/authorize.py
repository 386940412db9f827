"""The Lambda authorizer: identifies the caller of every request; functions decide.

It always answers "authorized" with a context, because a denial at the gateway is a bare 403
outside the envelope. ``kind`` is ``anonymous`` (no credentials came), ``user`` (with user id,
roles, grants, restrictions and session; for a program with an API key, ``principal`` says so, and
there are its id and scopes), ``invalid`` (with the reason) or ``unavailable`` (a dependency
failed: the caller hears 503, not that good credentials are bad).
`shared.platform.access.permissions` reads it.
"""

from shared.platform.entry import lifecycle

lifecycle.begin_init()

# ruff: noqa: E402  # the garbage collector pauses during the imports that follow
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from shared.identity.queries.identify_caller import IdentifyCaller
from shared.kernel.errors import AuthenticationFailed
from shared.platform.access import front_door, session_cookies
from shared.platform.entry.reporting import report
from shared.platform.runtime.context import (
    correlation_id_of,
    current,
    note_ids,
    request_context,
    set_user_id,
)
from shared.platform.runtime.deadline import alarm
from shared.platform.runtime.errors import DeadlineExceeded
from shared.platform.runtime.services import get_service
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger
from shared.platform.telemetry.metrics import MetricUnit, metrics
from shared.platform.telemetry.tracing import incoming_trace, tracer

Identify = Callable[[IdentifyCaller], Mapping[str, str]]
"""What functions learn of the user; `AuthenticationFailed` with a ``reason``."""

KEY_HEADER = "x-api-key"
_KEYS = "tw_"
"""How API keys begin, and no access token does."""
MAX_LENGTH = 2_048
"""Longest credential that is looked at; ours have some 700 characters."""


def lambda_handler(
    wiring: ModuleType,  # noqa: ARG001  # being imported, it has registered its services
    service: type[Any],
) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """Return the authorizer's Lambda handler; *service*, of *wiring*, is an `Identify`."""

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        with lifecycle.invocation(context, trace=incoming_trace()):
            _join(event)
            return {"isAuthorized": True, "context": _identified(event, get_service(service))}

    with request_context(request_id="warm-up"):
        get_service(service)
    lifecycle.end_init()
    return handle


def _join(event: Mapping[str, Any]) -> None:
    """Give the lines the ids that those of the function behind us will have."""
    asked_by = event.get("requestContext") or {}
    claimed = _header(event, "x-correlation-id")
    current().correlation_id = correlation_id_of(claimed, asked_by.get("requestId"))
    note_ids({"route": event.get("routeKey"), **(event.get("pathParameters") or {})})


def _identified(event: dict[str, Any], identify: Identify) -> dict[str, str]:
    if front_door.is_there() and not front_door.proves(_header(event, front_door.HEADER)):
        return {"kind": "anonymous"}  # it is refused behind us, and nothing is read for it
    try:
        with alarm(), tracer.provider.in_subsegment("## authorize"):
            caller = _caller(event, identify)
    except (Exception, DeadlineExceeded) as error:  # noqa: BLE001  # see the module's docstring
        report(error, function="authorize", arguments={})
        caller = {"kind": "unavailable"}
    if caller["kind"] == "user":
        set_user_id(caller["user_id"])
        note_ids({"api_key_id": caller.get("api_key_id")})
    logger = get_logger(settings().service)
    kind = caller.get("principal") or caller["kind"]
    logger.info("caller identified", kind=kind, reason=caller.get("reason"))
    metrics.add_metric("Authorization", MetricUnit.Count, 1, kind=kind)
    return caller


def _header(event: Mapping[str, Any], wanted: str) -> str:
    """Return a header, trimmed; empty when there is none."""
    for name, value in (event.get("headers") or {}).items():
        if name.lower() == wanted:
            return str(value).strip()
    return ""


def _caller(event: Mapping[str, Any], identify: Identify) -> dict[str, str]:
    """Return who is calling; a header decides alone: a page that sets one means it."""
    authorization, api_key = _header(event, "authorization"), _header(event, KEY_HEADER)
    if not authorization and not api_key:
        return _of_cookie(event, identify)
    if authorization and api_key:  # nobody can say who of them asks
        return {"kind": "invalid", "reason": "two_credentials"}
    scheme, _, token = authorization.partition(" ")
    if authorization and scheme.lower() != "bearer":
        return {"kind": "invalid", "reason": "unknown_scheme"}
    if len(authorization or api_key) > MAX_LENGTH:
        return {"kind": "invalid", "reason": "malformed"}
    text = api_key or token.strip()
    is_api_key = bool(api_key) or text.startswith(_KEYS)
    return _identity(IdentifyCaller(token=text, is_api_key=is_api_key), identify)


def _of_cookie(event: Mapping[str, Any], identify: Identify) -> dict[str, str]:
    csrf = _header(event, session_cookies.CSRF_HEADER)
    token = session_cookies.sent(session_cookies.lines_of(event)).access_token
    if not token:
        return {"kind": "anonymous"}
    if len(token) > MAX_LENGTH or len(csrf) > MAX_LENGTH:
        return {"kind": "invalid", "reason": "malformed"}
    method = str(((event.get("requestContext") or {}).get("http") or {}).get("method"))
    changes = session_cookies.changes_something(method)
    query = IdentifyCaller(token=token, in_cookie=True, changes=changes, csrf_token=csrf)
    return _identity(query, identify)


def _identity(query: IdentifyCaller, identify: Identify) -> dict[str, str]:
    try:
        return {"kind": "user", **identify(query)}
    except AuthenticationFailed as refused:
        return {"kind": "invalid", "reason": str(refused.details.get("reason", "refused"))}
