"""A FastAPI app reduced to what one endpoint needs, with our middleware around it."""

import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast, get_args, get_origin
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.platform.context import Idempotency, current
from shared.platform.errors import RequestRefused
from shared.platform.gateway_event import refuse_malformed
from shared.platform.lean_fastapi import APIRoute, AsyncExitStackMiddleware, FastAPI
from shared.platform.logging import get_logger
from shared.platform.middleware.asgi import header
from shared.platform.reply import Reply
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
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        annotation = endpoint.__annotations__.get("return")
        self.data_model: Any = None
        if get_origin(annotation) is Reply:
            (self.data_model,) = get_args(annotation)
            options["response_model"] = None
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        original = super().get_route_handler()
        rules = [d.call for d in self.dependant.dependencies if hasattr(d.call, "access")]

        async def handle(request: Request) -> Response:
            request.scope["path_params_seen"].update(request.path_params)
            for rule in rules:  # before the body is looked at: FastAPI would parse it first
                await cast("Rule", rule)(request)
            strict = _StrictRequest(request.scope, request.receive)
            if request.method == "POST":
                await self._note_idempotency_key(strict)
            return await original(strict)

        return handle

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
            redirect_slashes=False,  # a path with a slash too many is another path: 404
        )
        self.router.route_class = Endpoint
        self.service = service
        self.chain = chain
        self.fingerprint_key = fingerprint_key
        self.limits = limits
        self.deprecation = deprecation

    @property
    def endpoint(self) -> Endpoint:
        """The one route."""
        (route,) = (route for route in self.routes if isinstance(route, Endpoint))
        return route

    @property
    def route_path(self) -> str:
        """The one route's path, with its parameters as names: the label of metrics and traces."""
        return self.endpoint.path

    def build_middleware_stack(self) -> ASGIApp:
        """Return the bare router: FastAPI's own error middleware would answer before ours."""
        return AsyncExitStackMiddleware(self.router)

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
