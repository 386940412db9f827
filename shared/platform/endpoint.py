"""A FastAPI app reduced to what one endpoint needs, with our middleware around it.

FastAPI declares the route, analyses its parameters and solves them. What it does for apps with
many routes, forms, streams and responses of every kind is left out (docs/adr/0019).
"""

import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from copy import copy
from functools import cached_property
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, get_args, get_origin
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.platform.context import Idempotency, current
from shared.platform.errors import RequestRefused
from shared.platform.gateway_event import refuse_malformed
from shared.platform.lean_fastapi import (
    APIRoute,
    FastAPI,
    RequestValidationError,
    Undefined,
    solve_dependencies,
)
from shared.platform.logging import get_logger
from shared.platform.middleware.asgi import header
from shared.platform.security import optional_user
from shared.platform.settings import settings
from shared.platform.strict_json import InvalidJson, loads

if TYPE_CHECKING:
    from shared.platform.deprecation import Deprecation
    from shared.platform.rate_limits.rules import RateLimit

Rule = Callable[[Request], Awaitable[object]]

FingerprintKey = Callable[[], str]
"""Returns the secret that keys the fingerprints of requests."""

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class _StrictRequest(Request):
    """Parses its JSON strictly, and once."""

    _parsed: Any = None
    _is_parsed = False

    async def json(self) -> Any:
        if not self._is_parsed:
            try:
                self._parsed = loads(await self.body())
            except InvalidJson as error:
                raise HTTPException(422, str(error)) from None
            self._is_parsed = True
        return self._parsed


class Endpoint(APIRoute):
    """The route: strict JSON in, `Reply` out, idempotent where the client sends a key.

    ``data_model`` is the ``T`` of the endpoint's ``Reply[T]``: what the OpenAPI document shows.
    `TypeError` for an endpoint that is not ``async`` or says that it returns no response.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        answer = endpoint.__annotations__.get("return")
        kind = get_origin(answer) or answer
        is_response = isinstance(kind, type) and issubclass(kind, Response)
        if not (is_response and iscoroutinefunction(endpoint)):
            wanted = f"{path}: write the endpoint as `async def … -> Reply[…]`"
            raise TypeError(wanted)
        self.data_model: Any = next(iter(get_args(answer)), None)
        super().__init__(path, endpoint, **options | {"response_model": None})
        self._rules = [d.call for d in self.dependant.dependencies if hasattr(d.call, "access")]
        self._parameters = copy(self.dependant)
        self._parameters.dependencies = [
            d for d in self.dependant.dependencies if d.call not in self._rules
        ]
        self.app = self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request for this route: rules, idempotency key, parameters, endpoint."""
        scope["path_params_seen"].update(scope["path_params"])
        request = _StrictRequest(scope, receive)
        overrides = scope["app"].dependency_overrides
        for rule in self._rules:  # before the body is looked at
            await overrides.get(rule, rule)(request)
        if request.method == "POST":
            await self._note_idempotency_key(request)
        async with AsyncExitStack() as stack:
            scope["fastapi_inner_astack"] = scope["fastapi_function_astack"] = stack
            response = await self._called(request, stack)
        await response(scope, receive, send)

    async def _called(self, request: "_StrictRequest", stack: AsyncExitStack) -> Response:
        body: Any = Undefined
        if self.body_field and await request.body():
            body = await request.json()
        solved = await solve_dependencies(
            request=request,
            dependant=self._parameters,
            body=body,
            dependency_overrides_provider=request.scope["app"],
            async_exit_stack=stack,
            embed_body_fields=self._embed_body_fields,
        )
        if solved.errors:
            raise RequestValidationError(solved.errors, body=body)
        response: Response = await self.endpoint(**solved.values)
        return response

    async def _note_idempotency_key(self, request: _StrictRequest) -> None:
        if not any(name == b"idempotency-key" for name, _ in request.scope["headers"]):
            return
        key = header(request.scope, b"idempotency-key")  # an empty one is a mistake, not none
        if not _IDEMPOTENCY_KEY.fullmatch(key):
            raise RequestRefused(422, "INVALID_IDEMPOTENCY_KEY")
        user = await optional_user(request)
        body = await request.json() if await request.body() else None
        current().idempotency = Idempotency(
            # The keys of two strangers are two keys, even where both are "1".
            principal=user.id if user else f"anonymous@{current().client_address}",
            route=f"{request.method} {self.path}",
            key=key,
            fingerprint=fingerprint(
                request.scope["path"],
                body,
                query=request.scope["query_string"],
                key=request.scope["app"].fingerprint_key,
            ),
        )


def fingerprint(
    path: str, body: Any, *, query: bytes = b"", key: FingerprintKey | None = None
) -> str:
    """Return SHA-256 over path, parameters of the query and canonical JSON.

    The same request has the same one, however it was formatted.

    With a *key* it is an HMAC: the fingerprint is stored, and a plain hash of a body that holds a
    password would let whoever reads the table try passwords at the speed of SHA-256.
    """
    asked: list[Any] = [path, body]
    if query:
        asked.append(sorted(parse_qsl(query.decode("latin-1"), keep_blank_values=True)))
    canonical = json.dumps(asked, sort_keys=True, separators=(",", ":")).encode()
    if key is None:
        return hashlib.sha256(canonical).hexdigest()
    return hmac.new(b"fingerprint:" + key().encode(), canonical, hashlib.sha256).hexdigest()


class EndpointApp(FastAPI):
    """The app of one function. Errors are left to our own middleware."""

    def __init__(
        self,
        service: str,
        *,
        chain: tuple[Callable[[ASGIApp], ASGIApp], ...],
        fingerprint_key: FingerprintKey | None = None,
        limits: "tuple[RateLimit, ...]" = (),
        deprecation: "Deprecation | None" = None,
    ) -> None:
        super().__init__(
            title=service,
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            telemetry={"tracing": False, "metrics": False, "logs": False},
            redirect_slashes=False,  # a path with a slash too many is another path: 404
        )
        self.router.route_class = Endpoint
        self.service = service
        self.chain = chain
        self.fingerprint_key = fingerprint_key
        self.limits = limits
        self.deprecation = deprecation

    @cached_property
    def endpoint(self) -> Endpoint:
        """The one route."""
        (route,) = (route for route in self.routes if isinstance(route, Endpoint))
        return route

    @cached_property
    def route_path(self) -> str:
        """The one route's path, with its parameters as names: the label of metrics and traces."""
        return self.endpoint.path

    def build_middleware_stack(self) -> ASGIApp:
        """Return the one route alone: FastAPI's own error middleware would answer before ours."""

        async def only_route(scope: Scope, receive: Receive, send: Send) -> None:
            match, matched = self.endpoint.matches(scope)
            if match is Match.NONE:
                raise HTTPException(404)
            scope.update(matched)
            await self.endpoint.handle(scope, receive, send)  # 405 for another method

        return only_route

    def asgi(self) -> ASGIApp:
        """Return the app inside its middleware chain; its limits go into the OpenAPI document."""
        if self.limits:
            listed = [limit.described() for limit in self.limits]
            extra = self.endpoint.openapi_extra or {}
            self.endpoint.openapi_extra = {**extra, "x-rate-limits": listed}
        if self.deprecation is not None:
            self.endpoint.deprecated = True

        async def enter(scope: Scope, receive: Receive, send: Send) -> None:
            refuse_malformed(scope)
            await self(scope, receive, send)

        wrapped: ASGIApp = enter
        for middleware in reversed(self.chain):
            wrapped = middleware(wrapped)

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            scope["app"] = self
            scope["path_params_seen"] = {}
            await wrapped(scope, receive, send)

        return serve

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Suppress log lines while the warm-up request runs."""
        logger = get_logger(settings().service)
        level = logger.log_level
        logger.setLevel("CRITICAL")
        try:
            yield
        finally:
            logger.setLevel(level)
