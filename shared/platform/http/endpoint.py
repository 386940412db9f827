"""A FastAPI app reduced to what one endpoint needs, with our middleware around it.

An app without an endpoint is an API's ``$default`` route (`shared.platform.http.unmatched`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.platform.http.gateway_event import refuse_malformed
from shared.platform.http.lean_fastapi import PLAIN, FastAPI, RequestValidationError
from shared.platform.http.route import Endpoint, FingerprintKey
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger

if TYPE_CHECKING:
    from shared.platform.http.deprecation import Deprecation
    from shared.platform.http.forwarded import Identify
    from shared.platform.rate_limits.rules import RateLimit

CATCH_ALL = "$default"
"""The route of what no other route of an API matches."""


Says = str | Mapping[int, str]
"""The sentence that an endpoint's answers open with, or one for each status."""

DONE = "Done."
"""The sentence of an endpoint without one of its own; a test lets no deployed endpoint use it."""


async def _raise(_: Request, error: Exception) -> Response:
    raise error


_ERRORS = (HTTPException, RequestValidationError, Exception)
_LEFT_TO_US: dict[Any, Any] = dict.fromkeys(_ERRORS, _raise)
"""Handlers with which FastAPI as it comes leaves errors to our middleware, unanswered."""


class EndpointApp(FastAPI):
    """The app of one function. Errors are left to our own middleware."""

    def __init__(
        self,
        service: str,
        *,
        says: Says,
        chain: tuple[Callable[[ASGIApp], ASGIApp], ...],
        fingerprint_key: FingerprintKey | None = None,
        limits: "tuple[RateLimit, ...]" = (),
        deprecation: "Deprecation | None" = None,
        identify: "Identify | None" = None,
    ) -> None:
        super().__init__(
            title=service,
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            telemetry={"tracing": False, "metrics": False, "logs": False},
            redirect_slashes=False,  # a path with a slash too many is another path: 404
            exception_handlers=_LEFT_TO_US if PLAIN else None,
        )
        self.router.route_class = Endpoint
        self.service = service
        self.sentences = says
        self.chain = chain
        self.fingerprint_key = fingerprint_key
        self.limits = limits
        self.deprecation = deprecation
        self.identify = identify

    def says(self, status: int) -> str:
        """Return the sentence that an answer with *status* opens with, not yet filled in."""
        return self.sentences if isinstance(self.sentences, str) else self.sentences[status]

    @cached_property
    def endpoint(self) -> Endpoint:
        """The one route."""
        (route,) = (route for route in self.routes if isinstance(route, Endpoint))
        return route

    @cached_property
    def has_endpoint(self) -> bool:
        """Whether it serves a route of its own."""
        return any(isinstance(route, Endpoint) for route in self.routes)

    @cached_property
    def route_path(self) -> str:
        """The one route's path, with its parameters as names: the label of metrics and traces."""
        return self.endpoint.path if self.has_endpoint else CATCH_ALL

    def build_middleware_stack(self) -> ASGIApp:
        """Return the one route alone: what FastAPI puts around it, ours does or nobody needs."""
        if not self.has_endpoint:
            from shared.platform.http.unmatched import Unmatched  # noqa: PLC0415  # one per API

            return Unmatched(settings().routes)
        if PLAIN:
            return super().build_middleware_stack()

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
            path = self.endpoint.path
            listed = [
                each.described() for each in self.limits if each.applies_to(path, by_key=True)
            ]
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
