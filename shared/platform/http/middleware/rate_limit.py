"""Counts the request against the rules of its endpoint; says on every answer what is left."""

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.platform.access.permissions import Kind, caller_of
from shared.platform.http.middleware.asgi import with_headers
from shared.platform.rate_limits.decisions import headers_of, refuse
from shared.platform.rate_limits.dynamodb import rate_limiter
from shared.platform.rate_limits.networks import counted_as
from shared.platform.runtime.context import current
from shared.platform.runtime.services import services


class RateLimitMiddleware:
    """Applies the app's ``limits`` to requests for its route; others end in a 404 anyway."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app, path = scope["app"], scope["path"]
        by_key = caller_of(scope).api_key_id is not None
        rules = [rule for rule in app.limits if rule.applies_to(path, by_key=by_key)]
        if rules and app.endpoint.path_regex.match(path):
            decisions = services.get(rate_limiter).decide(rules, _caller(scope))
            refuse(decisions)
            send = with_headers(send, headers_of(decisions))
        await self._app(scope, receive, send)


def _caller(scope: Scope) -> dict[str, str]:
    """Return who asks, from what the client cannot forge: the authorizer and the gateway."""
    known, caller = caller_of(scope), dict(counted_as(current().client_address))
    if known.kind in (Kind.USER, Kind.API_KEY, Kind.UNREADABLE) and known.user_id:
        caller["user"] = str(known.user_id)
        if known.api_key_id:
            caller["api_key"] = str(known.api_key_id)
    return caller
