"""One operation of the document: everything that the endpoint's code and its rule say about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, get_args, get_origin

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from shared.identity.http.parameters import SentCookies
from shared.platform.access.security import OptionalUser
from shared.platform.http.middleware.envelope import EnvelopeMiddleware
from shared.platform.http.reply import Items
from tools.docs.openapi.envelope import Answer, ItemPage
from tools.docs.openapi.functions import Endpoint

BEARER = "accessToken"
COOKIE = "sessionCookie"
REFRESH_COOKIE = "refreshCookie"
_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
UNAUTHORIZED = 401
_EVERYWHERE = (400, 414, 431, 500, 503, 504)
_OPTIONAL_USER = get_args(OptionalUser)[1].dependency
_COOKIES = get_args(SentCookies)[1].dependency


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call: ``needs`` names permissions; ``anonymous`` says that nobody in particular may.

    ``identifies`` tells whether the endpoint looks at credentials at all.
    """

    needs: tuple[str, ...]
    anonymous: bool
    identifies: bool
    fresh_minutes: int | None = None
    """How old the caller's log-in may be, where that matters."""
    by_refresh_cookie: bool = False


def access_of(dependant: Dependant) -> Access:
    """Return the rule that a route declares."""
    calls: list[Any] = [found.call for found in _flat(dependant)]
    (rule,) = (tuple(getattr(call, "access", ())) for call in calls if hasattr(call, "access"))
    public = rule == ("public",)
    asks = any(call is _OPTIONAL_USER for call in calls)
    fresh = next((call.freshness for call in calls if hasattr(call, "freshness")), None)
    return Access(
        () if public else rule,
        anonymous=public,
        identifies=asks or not public,
        fresh_minutes=fresh and fresh.minutes,
        by_refresh_cookie=_COOKIES in calls,
    )


def _flat(dependant: Dependant) -> Iterator[Dependant]:
    for nested in dependant.dependencies:
        yield nested
        yield from _flat(nested)


def documented(endpoint: Endpoint) -> APIRoute:
    """Return the route for FastAPI's own generator, with its answers in the envelope."""
    route, rule = endpoint.app.endpoint, access_of(endpoint.app.endpoint.dependant)
    method = endpoint.route.method
    status = route.status_code or 200
    model = _answer_model(endpoint)
    responses: dict[int | str, dict[str, Any]] = {
        code: {"$ref": f"#/components/responses/{_name(code)}"}
        for code in sorted(_refusals(endpoint, rule))
    }
    for code, declared in route.responses.items():
        if code != UNAUTHORIZED:  # that is a refusal like all others, and no answer of its own
            responses[code] = {"model": model, **declared}
    extra: dict[str, Any] = {
        "security": _security(rule),
        "x-function": endpoint.route.function,
        "x-permissions": [*rule.needs],
        **({"x-recent-login-minutes": rule.fresh_minutes} if rule.fresh_minutes else {}),
        **(route.openapi_extra or {}),
    }
    return APIRoute(
        route.path,
        route.endpoint,
        methods=[method],
        status_code=status,
        response_model=model,
        dependencies=route.dependencies,
        operation_id=endpoint.use_case,
        tags=[endpoint.context],
        summary=endpoint.route.purpose[:1].upper() + endpoint.route.purpose[1:],
        response_description=HTTPStatus(status).phrase,
        responses=responses,
        openapi_extra=extra,
        deprecated=route.deprecated,
    )


def _answer_model(endpoint: Endpoint) -> Any:
    data = endpoint.app.endpoint.data_model
    if get_origin(data) is Items:
        data = ItemPage.__class_getitem__(get_args(data)[0])
    if EnvelopeMiddleware not in endpoint.app.chain:
        return dict[str, Any] if data is Any else data
    return Answer.__class_getitem__(data)


def _refusals(endpoint: Endpoint, rule: Access) -> set[int]:
    """Return the statuses with which the platform or a use case may say no."""
    route, method = endpoint.app.endpoint, endpoint.route.method
    codes = set(_EVERYWHERE)
    if UNAUTHORIZED in route.responses:  # the credentials are in the request's body
        codes.add(UNAUTHORIZED)
    if rule.identifies:
        codes.add(UNAUTHORIZED)
    if rule.needs or (method in _UNSAFE and takes_csrf_token(_security(rule))):
        codes.add(403)
    if "{" in route.path:  # whoever reads its parameters, the endpoint or what it depends on
        codes.add(404)
    if method in _UNSAFE:
        codes |= {404, 409, 412, 413, 415, 422, 429}
    if list(_parameters(route.dependant)):
        codes.add(422)
    if (route.openapi_extra or {}).get("x-rate-limits"):
        codes.add(429)
    return codes


def _parameters(dependant: Dependant) -> Iterator[Any]:
    yield from dependant.query_params
    yield from dependant.header_params
    for nested in dependant.dependencies:
        yield from _parameters(nested)


def _security(rule: Access) -> list[dict[str, list[str]]]:
    ways: list[dict[str, list[str]]] = [{BEARER: []}, {COOKIE: []}] if rule.identifies else []
    if rule.by_refresh_cookie:
        ways.append({REFRESH_COOKIE: []})
    return [{}, *ways] if rule.anonymous and ways else ways


def takes_csrf_token(security: list[dict[str, list[str]]]) -> bool:
    """Tell whether a change may come by a cookie: it needs the CSRF token then."""
    return {COOKIE: []} in security or {REFRESH_COOKIE: []} in security


def _name(code: int) -> str:
    return HTTPStatus(code).phrase.title().replace(" ", "").replace("-", "")


def shared_responses() -> dict[str, Any]:
    """Return the refusals that operations refer to, by name."""
    codes = (*_EVERYWHERE, 401, 403, 404, 409, 412, 413, 415, 422, 429)
    return {_name(code): _refusal(code) for code in sorted(codes)}


def _refusal(code: int) -> dict[str, Any]:
    headers = {
        401: {
            "WWW-Authenticate": "The scheme to authenticate with; where the log-in is too old for"
            " this (RFC 9470), `insufficient_user_authentication` and the `max_age` it may have."
        },
        429: {"Retry-After": "Seconds until the next request counts."},
        503: {"Retry-After": "Seconds until another try makes sense."},
    }.get(code, {})
    found: dict[str, Any] = {
        "description": HTTPStatus(code).phrase,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}},
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        },
    }
    if headers:
        found["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in headers.items()
        }
    return found
