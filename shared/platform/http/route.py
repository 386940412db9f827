"""The route of an endpoint: rules, strict JSON, idempotency, parameters, answer.

FastAPI declares the route, analyses its parameters and solves them. What it does for apps with
many routes, forms, streams and responses of every kind is left out (docs/adr/0019).
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from copy import copy
from inspect import iscoroutinefunction
from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from shared.kernel.ids import canonical
from shared.platform.access.security import optional_user
from shared.platform.http.lean_fastapi import (
    PLAIN,
    APIRoute,
    BaseModel,
    Dependant,
    RequestValidationError,
    Undefined,
    solve_dependencies,
)
from shared.platform.http.middleware.asgi import header
from shared.platform.http.strict_json import InvalidJson, loads
from shared.platform.runtime.context import Idempotency, current, note_ids
from shared.platform.runtime.errors import RequestRefused
from shared.platform.runtime.services import services

FingerprintKey = Callable[[], str]
"""Returns the secret that keys the fingerprints of requests."""

_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
"""The methods that change something: a key of idempotency makes a change once (API-03)."""
_SHORTEST_OF_A_STRANGER = 16
"""Characters of a key that nobody else's must happen to be."""
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
        for model in _models(tuple(endpoint.__annotations__.values())):
            model.model_config["defer_build"] = False  # this function's: FastAPI builds it now
        super().__init__(path, endpoint, **options | {"response_model": None})
        if self.methods == {"GET"}:
            self.methods = {"GET", "HEAD"}  # `lambda_handler` leaves the body away
        found: list[Any] = self.dependant.dependencies
        self._rules = [
            d.call for d in found if hasattr(d.call, "access") or hasattr(d.call, "freshness")
        ]
        self._services: dict[str, Any] = {
            d.name: d.call.service for d in found if hasattr(d.call, "service")
        }
        self._query_names = {*_query_names(self.dependant)}
        self.takes_if_match = any(name == "if-match" for name in _header_names(self.dependant))
        self._parameters = copy(self.dependant)
        self._parameters.dependencies = [
            d for d in found if d.call not in self._rules and d.name not in self._services
        ]
        if not PLAIN:
            self.app = self._answer

    def build(self) -> None:
        """Build the validators of what goes out, which models put off."""
        for model in _models(self.data_model):
            model.model_rebuild()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request for this route: rules, idempotency key, parameters, endpoint."""
        request = await self._begun(scope, receive)
        async with AsyncExitStack() as stack:
            scope["fastapi_inner_astack"] = scope["fastapi_function_astack"] = stack
            response = await self._called(request, stack)
        await response(scope, receive, send)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what serves a request where FastAPI is taken as it comes (`PLAIN`).

        Rules and idempotency key come before it; JSON is strict because the request parses it.
        """
        theirs = super().get_route_handler()

        async def serve(request: Request) -> Response:
            strict = await self._begun(request.scope, request.receive)
            if unknown := self._unknown_parameters(strict):
                raise RequestValidationError(unknown)
            if self.body_field and await strict.body():
                await strict.json()
            return await theirs(strict)

        return serve

    async def _begun(self, scope: Scope, receive: Receive) -> _StrictRequest:
        """Return the request once its rules have let it pass and its key has been noted."""
        named = {name: canonical(value) for name, value in scope["path_params"].items()}
        scope["path_params"] = named
        scope["path_params_seen"].update(named)
        note_ids(scope["path_params"])
        request = _StrictRequest(scope, receive)
        overrides = scope["app"].dependency_overrides
        for rule in self._rules:  # before the body is looked at
            await overrides.get(rule, rule)(request)
        if request.method in _UNSAFE:
            self._check_precondition(request)
            await self._note_idempotency_key(request)
        return request

    def _check_precondition(self, request: Request) -> None:
        """Refuse a change on a condition that nothing here could meet: there are no versions.

        ``*`` asks only that there is something, as the endpoint does.
        """
        condition = header(request.scope, b"if-match").strip(" \t")
        if condition and condition != "*" and not self.takes_if_match:
            text = "There are no versions here for If-Match to name; send the change without it."
            raise RequestRefused(412, "PRECONDITION_FAILED", text, at=("header", "if-match"))

    def _unknown_parameters(self, request: Request) -> list[dict[str, Any]]:
        """Return an error for each parameter of the query that the endpoint does not have."""
        query: bytes = request.scope["query_string"]
        if not query:
            return []
        given = dict.fromkeys(name for name, _ in _pairs(query))
        kind = "unknown_parameter"
        return [
            {"loc": ("query", name), "type": kind, "msg": kind}
            for name in given
            if name not in self._query_names
        ]

    async def _called(self, request: "_StrictRequest", stack: AsyncExitStack) -> Response:
        body: Any = Undefined
        if self.body_field and await request.body():
            body = await request.json()
        unknown = self._unknown_parameters(request)
        solved = await solve_dependencies(
            request=request,
            dependant=self._parameters,
            body=body,
            dependency_overrides_provider=request.scope["app"],
            async_exit_stack=stack,
            embed_body_fields=self._embed_body_fields,
        )
        if unknown or solved.errors:
            raise RequestValidationError([*unknown, *solved.errors], body=body)
        # FastAPI would take 20 µs to ask for each of them.
        injected = {name: services.get(service) for name, service in self._services.items()}
        response: Response = await self.endpoint(**solved.values, **injected)
        return response

    async def _note_idempotency_key(self, request: _StrictRequest) -> None:
        if not any(name == b"idempotency-key" for name, _ in request.scope["headers"]):
            return
        key = header(request.scope, b"idempotency-key")  # an empty one is a mistake, not none
        if not _IDEMPOTENCY_KEY.fullmatch(key):
            text = "Idempotency-Key must be 1 to 255 visible ASCII characters."
            at = ("header", "idempotency-key")
            raise RequestRefused(422, "INVALID_IDEMPOTENCY_KEY", text, at=at)
        user = await optional_user(request)
        if user is None and len(key) < _SHORTEST_OF_A_STRANGER:
            text = "Without credentials Idempotency-Key must have at least 16 characters."
            at = ("header", "idempotency-key")
            raise RequestRefused(422, "INVALID_IDEMPOTENCY_KEY", text, at=at)
        body = await request.json() if await request.body() else None
        route, secret = f"{request.method} {self.path}", request.scope["app"].fingerprint_key
        printed = fingerprint(
            request.scope["path"], body, query=request.scope["query_string"], key=secret
        )
        current().idempotency = Idempotency(
            principal=user.id if user else "anonymous",
            route=route,
            # A stranger is known by key and body alone: a phone may change networks.
            key=key if user else fingerprint(route, [key, printed], key=secret),
            fingerprint=printed,
        )


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models in *annotation*, or in several."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in annotation if isinstance(annotation, tuple) else get_args(annotation):
        yield from _models(argument)


def _query_names(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        yield field.alias
    for each in dependant.dependencies:
        yield from _query_names(each)


def _header_names(dependant: Dependant) -> Iterator[str]:
    for field in dependant.header_params:
        yield field.alias.lower()
    for each in dependant.dependencies:
        yield from _header_names(each)


def _pairs(query: bytes) -> list[tuple[str, str]]:
    return parse_qsl(query.decode("latin-1"), keep_blank_values=True)


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
        asked.append(sorted(_pairs(query)))
    canonical = json.dumps(asked, sort_keys=True, separators=(",", ":")).encode()
    if key is None:
        return hashlib.sha256(canonical).hexdigest()
    return hmac.new(b"fingerprint:" + key().encode(), canonical, hashlib.sha256).hexdigest()
