"""Sends large answers compressed, to clients that take gzip.

Below `Settings.compress_from_bytes` an answer fits in one packet either way. Brotli is the front
door's business: it would be 5 MB more in every function (docs/adr/0013).
"""

import zlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.platform.http.middleware.asgi import GZIP_TAG, header
from shared.platform.runtime.settings import settings

_LEVEL = 6
_GZIP_FORMAT = 31  # zlib's name for a gzip header and trailer around 32 kB of window


class CompressionMiddleware:
    """Compresses the body, and says that another ``Accept-Encoding`` gets another form of it.

    API Gateway takes a compressed body as base64; Mangum sends what is not UTF-8 as that, and
    gzip's second byte never is. A strong entity tag gets `GZIP_TAG` at its end, since two forms of
    the same data must not share one (RFC 9110 §8.8.3.3); whoever reads tags takes it off again.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._from = settings().compress_from_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}

        async def compressing(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body: bytes = message.get("body", b"")
            headers: list[tuple[bytes, bytes]] = start["headers"]
            if len(body) >= self._from and not any(k == b"content-encoding" for k, _ in headers):
                headers = [*headers, (b"vary", b"accept-encoding")]
                if _takes_gzip(header(scope, b"accept-encoding")):
                    packer = zlib.compressobj(_LEVEL, wbits=_GZIP_FORMAT)
                    body = packer.compress(body) + packer.flush()
                    headers = [_repacked(key, value, len(body)) for key, value in headers]
                    headers.append((b"content-encoding", b"gzip"))
            await send({**start, "headers": headers})
            await send({**message, "body": body})

        await self._app(scope, receive, compressing)


def _repacked(key: bytes, value: bytes, length: int) -> tuple[bytes, bytes]:
    if key == b"content-length":
        return key, str(length).encode()
    if key == b"etag" and not value.startswith(b"W/"):
        return key, value[:-1] + GZIP_TAG.encode() + b'"'
    return key, value


def _takes_gzip(accepted: str) -> bool:
    """Tell whether *accepted* (RFC 9110 §12.5.3) has gzip, and not below no coding at all."""
    accepted = accepted.lower()
    if "gzip" not in accepted and "*" not in accepted:
        return False
    weights: dict[str, float] = {}
    for part in accepted.split(","):
        coding, _, parameter = part.partition(";")
        name, _, weight = parameter.strip().partition("=")
        try:
            weights[coding.strip()] = float(weight) if name.strip() == "q" else 1.0
        except ValueError:
            weights[coding.strip()] = 0.0
    gzip = weights.get("gzip", weights.get("*", 0.0))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)
