"""Requests as viewers send them and as they are passed on."""

import asyncio

import h11

READ_BYTES = 32_768
MAX_HEAD_BYTES = 32_768  # as CloudFront
# Meaningful for one connection only (RFC 9110, 7.6.1), and Host, which names the origin.
NOT_FORWARDED = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"upgrade", b"expect", b"host"}
)
Headers = list[tuple[bytes, bytes]]


async def read_request(
    viewer: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[h11.Request, bytes] | None:
    """Read one request with its whole body; nothing when the viewer has hung up."""
    request: h11.Request | None = None
    body = bytearray()
    while True:
        event = viewer.next_event()
        if event is h11.NEED_DATA:
            if viewer.they_are_waiting_for_100_continue:
                informational = h11.InformationalResponse(status_code=100, headers=[])
                writer.write(viewer.send(informational) or b"")
            viewer.receive_data(await reader.read(READ_BYTES))
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and request is not None:
            return request, bytes(body)
        else:
            return None


async def refuse(
    viewer: h11.Connection, writer: asyncio.StreamWriter, status: int, why: str = ""
) -> None:
    """Answer *status*, with a sentence or without content, and say that the connection ends."""
    body = f"{why}\n".encode() if why else b""
    headers = [("Content-Length", str(len(body))), ("Connection", "close")]
    if body:
        headers.append(("Content-Type", "text/plain; charset=utf-8"))
    writer.write(viewer.send(h11.Response(status_code=status, headers=headers)) or b"")
    if body:
        writer.write(viewer.send(h11.Data(data=body)) or b"")
    writer.write(viewer.send(h11.EndOfMessage()) or b"")
    await writer.drain()


def forwarded_headers(headers: Headers, added: dict[str, str]) -> Headers:
    """Return the viewer's headers in their order, with *added* in place of its own copies."""
    replaced = {name.lower().encode() for name in added}
    kept = [
        (name, value) for name, value in headers if name.lower() not in NOT_FORWARDED | replaced
    ]
    return kept + [(name.encode(), value.encode()) for name, value in added.items()]
