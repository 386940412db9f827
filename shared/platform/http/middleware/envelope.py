"""Wraps the data of a reply in the envelope, byte for byte: nothing is parsed again."""

from typing import cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel.messages import say
from shared.platform.http.envelope import success
from shared.platform.http.reply import REPLY, Reply
from shared.platform.runtime.context import current


class EnvelopeMiddleware:
    """Applies to answers made as `Reply`; anything else passes unchanged."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message | None = None

        async def wrapping(message: Message) -> None:
            nonlocal start
            reply = cast("Reply[object] | None", scope.get(REPLY))
            if reply is None:
                await send(message)
            elif message["type"] == "http.response.start":
                start = message
            elif start is not None:
                body = success(
                    message.get("body", b""),
                    status=start["status"],
                    message=_sentence(scope, start["status"], reply),
                    warnings=reply.warnings,
                )
                headers = [h for h in start["headers"] if h[0] != b"content-length"]
                headers.append((b"content-length", str(len(body)).encode()))
                if current().replayed:
                    headers.append((b"idempotency-replayed", b"true"))
                await send({**start, "headers": headers})
                await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, wrapping)


def _sentence(scope: Scope, status: int, reply: Reply[object]) -> str:
    """Return what the endpoint says, filled in."""
    values = {**scope["path_params_seen"], **reply.values, "data": reply.data}
    return say(scope["app"].says(status), **values)
