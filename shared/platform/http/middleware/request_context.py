"""Outermost: gives the request its ids, answers with them, and lets no exception out."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.platform.entry.reporting import report
from shared.platform.http.client_address import client_address
from shared.platform.http.envelope import failure
from shared.platform.http.middleware.asgi import answer, header, with_headers
from shared.platform.http.middleware.cors import cors_headers
from shared.platform.runtime.context import correlation_id_of, current
from shared.platform.runtime.errors import DeadlineExceeded
from shared.platform.telemetry.tracing import incoming_trace


class RequestContextMiddleware:
    """Takes the client's ``X-Correlation-Id`` where it is sound; answers with all ids.

    The answer is held back until it is complete: an alarm may ring between its head and its body,
    and then the client gets one whole answer that says so, never half of another.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        context = current()
        asked_by = (scope.get("aws.event") or {}).get("requestContext") or {}
        claimed = header(scope, b"x-correlation-id")
        context.correlation_id = correlation_id_of(claimed, asked_by.get("requestId"))
        context.client_address = client_address(scope)
        context.trace = incoming_trace(header(scope, b"x-amzn-trace-id"))
        ids = [
            (b"x-request-id", context.request_id.encode()),
            (b"x-correlation-id", context.correlation_id.encode()),
        ]
        written: list[Message] = []

        async def keep(message: Message) -> None:
            written.append(message)

        keeping = with_headers(keep, ids)
        try:
            await self._app(scope, receive, keeping)
        except (Exception, DeadlineExceeded) as error:  # noqa: BLE001  # nothing may get past
            status, headers, body = failure(error, accept=header(scope, b"accept"))
            if status == 500:  # noqa: PLR2004
                report(error, function=scope["app"].route_path, arguments={})
            if not written or written[-1]["type"] == "http.response.start":
                written.clear()
                await answer(keeping, status, [*headers, *cors_headers(scope)], body)
        for message in written:
            await send(message)
