"""Kept-alive HTTP connections to the emulator."""

import asyncio
import time
from dataclasses import dataclass

import h11

READ_BYTES = 65_536
# The emulator closes idle connections after 75 s; ours are dropped well before that, so that a
# request never meets a connection that is being closed and need never be sent twice.
MAX_IDLE_SECONDS = 30.0


class UpstreamFailed(Exception):
    """The emulator did not answer the request."""


@dataclass(slots=True)
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    protocol: h11.Connection
    idle_since: float = 0.0


class Upstream:
    """Sends requests to one host; as many connections as there are requests in flight."""

    def __init__(self, host: str, port: int) -> None:
        self.host = f"{host}:{port}"
        self._address = (host, port)
        self._idle: list[_Connection] = []

    async def send(self, request: h11.Request, body: bytes) -> tuple[h11.Response, bytes]:
        """Send one request and return its whole answer; `UpstreamFailed` if there is none."""
        try:
            connection = self._take() or await self._connect()
            answer = await _exchange(connection, request, body)
        except (OSError, h11.ProtocolError) as error:
            raise UpstreamFailed(str(error)) from error
        self._give_back(connection)
        return answer

    def close(self) -> None:
        """Close the connections that are not in use."""
        for connection in self._idle:
            connection.writer.close()
        self._idle.clear()

    async def _connect(self) -> _Connection:
        reader, writer = await asyncio.open_connection(*self._address)
        return _Connection(reader, writer, h11.Connection(h11.CLIENT))

    def _take(self) -> _Connection | None:
        while self._idle:
            connection = self._idle.pop()
            age = time.monotonic() - connection.idle_since
            if age < MAX_IDLE_SECONDS and not connection.reader.at_eof():
                return connection
            connection.writer.close()
        return None

    def _give_back(self, connection: _Connection) -> None:
        protocol = connection.protocol
        if protocol.our_state is h11.DONE and protocol.their_state is h11.DONE:
            protocol.start_next_cycle()
            connection.idle_since = time.monotonic()
            self._idle.append(connection)
        else:
            connection.writer.close()


async def _exchange(
    connection: _Connection, request: h11.Request, body: bytes
) -> tuple[h11.Response, bytes]:
    protocol, writer = connection.protocol, connection.writer
    try:
        writer.write(protocol.send(request) or b"")
        if body:
            writer.write(protocol.send(h11.Data(data=body)) or b"")
        writer.write(protocol.send(h11.EndOfMessage()) or b"")
        await writer.drain()
        response: h11.Response | None = None
        payload = bytearray()
        while True:
            event = protocol.next_event()
            if event is h11.NEED_DATA:
                protocol.receive_data(await connection.reader.read(READ_BYTES))
            elif isinstance(event, h11.Response):
                response = event
            elif isinstance(event, h11.Data):
                payload += event.data
            elif isinstance(event, h11.EndOfMessage) and response is not None:
                return response, bytes(payload)
            elif event is h11.PAUSED or isinstance(event, h11.ConnectionClosed):
                raise UpstreamFailed("connection closed before the answer")  # noqa: TRY301
    except BaseException:
        writer.close()
        raise
