"""Innermost: turns whatever an endpoint raises into an answer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel.errors import DomainError, NotFound, PermissionDenied
from shared.kernel.messages import say
from shared.platform.entry.reporting import report
from shared.platform.http.envelope import failure
from shared.platform.http.error_map import status_of
from shared.platform.http.middleware.asgi import answer, header
from shared.platform.http.reply import REPLY
from shared.platform.runtime.errors import RequestRefused
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger

if TYPE_CHECKING:
    from shared.platform.http.endpoint import EndpointApp
    from shared.platform.http.problems import Takes

_REFUSALS = {
    404: ("NOT_FOUND", "There is nothing at this address."),
    405: ("METHOD_NOT_ALLOWED", "This address does not take this method."),
    422: ("MALFORMED_BODY", "The body cannot be read: {reason}."),
}
_UNCLEAR = ("BAD_REQUEST", "The request cannot be understood.")


class ErrorHandlerMiddleware:
    """Renders domain errors and bad input; reports everything unexpected."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watching(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watching)
        except Exception as error:
            if started:
                raise
            known = _translated(error, scope["app"], scope["path_params_seen"])
            if status_of(known) >= 500:  # noqa: PLR2004
                report(
                    error, function=scope["app"].route_path, arguments=scope["path_params_seen"]
                )
            else:
                get_logger(settings().service).info(
                    "request refused", error=type(known).__name__, reason=str(known)
                )
                if isinstance(known, PermissionDenied | NotFound):
                    from shared.platform.access.denials import note_denial  # noqa: PLC0415  # rarely

                    note_denial(known, route=scope["app"].route_path, path=scope["path"])
            scope.pop(REPLY, None)
            status, headers, body = failure(known, accept=header(scope, b"accept"))
            await answer(send, status, headers, body)


def _translated(error: Exception, app: "EndpointApp", path: Mapping[str, str]) -> Exception:
    if isinstance(error, DomainError):
        if error.errors:
            takes = _takes(app)
            error.errors = tuple(takes.located(each) for each in error.errors)
        return error
    if isinstance(error, RequestValidationError):
        found = error.errors()
        return _takes(app).explained(found, body=error.body, path=path)
    if isinstance(error, HTTPException):
        code, sentence = _REFUSALS.get(error.status_code, _UNCLEAR)
        sent = (error.headers or {}).items()
        allow = [(b"allow", text.encode()) for key, text in sent if key.lower() == "allow"]
        text = say(sentence, reason=error.detail)
        at = ("body",) if code == "MALFORMED_BODY" else ()
        return RequestRefused(error.status_code, code, text, headers=allow, at=at)
    return error


def _takes(app: "EndpointApp") -> "Takes":
    from shared.platform.http.problems import Takes  # noqa: PLC0415  # only where a request is bad

    body = app.endpoint.body_field
    return Takes(app.endpoint.dependant, body.field_info.annotation if body else None)
