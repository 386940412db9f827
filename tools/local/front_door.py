"""The local front door: one loopback port that serves what the CloudFront distribution would.

It passes method, path, query, headers and body on unchanged and adds what CloudFront adds: the
origin's own headers and the viewer's address. What else CloudFront does is in `tools.local.edge`,
and what an HTTP API says by itself in `tools.local.gateway_errors`.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from threading import Thread

import h11

from tools.local.behaviours import Behaviour, find_behaviour
from tools.local.edge import Answer, Edge
from tools.local.gateway_errors import Throttle, as_aws_says_it, bare
from tools.local.hosts import is_loopback
from tools.local.messages import MAX_HEAD_BYTES, forwarded_headers, read_request, refuse
from tools.local.options import LOOPBACK
from tools.local.upstream import Upstream, UpstreamFailed

# The emulator starts one process per concurrent call of a function. More of them than the cores
# can serve only makes each start slower, so requests beyond this wait here.
MAX_IN_FLIGHT = max(4, 2 * (os.cpu_count() or 1))
NOT_HERE = "This is a local stack's front door; ask for it by localhost or 127.0.0.1."
# Set by the CloudFront Function in the root template.
VIEWER_ADDRESS = "x-viewer-address"


class FrontDoor:
    """Serves on *port* in a thread of its own, from `start` to `stop`."""

    def __init__(
        self,
        port: int,
        emulator_port: int,
        behaviours: Sequence[Behaviour],
        edge: Edge | None = None,
        throttles: Mapping[str, Throttle] | None = None,
    ) -> None:
        """Take the *throttles* of the APIs' stages by the APIs' ids."""
        self.base_url = f"http://{LOOPBACK}:{port}"
        self._port = port
        self._behaviours = list(behaviours)
        self._edge = edge or Edge()
        self._throttles = throttles or {}
        self._upstream = Upstream(LOOPBACK, emulator_port)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="front-door", daemon=True)
        self._in_flight = asyncio.Semaphore(MAX_IN_FLIGHT)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to serve; on return the port answers."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()

    def stop(self) -> None:
        """End every connection and the thread."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._accept, LOOPBACK, self._port)

    async def _close(self) -> None:
        if self._server:
            self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        self._upstream.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        # A client that goes away is not our failure.
        with suppress(ConnectionError, asyncio.CancelledError):
            await self._converse(reader, writer)
        writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        viewer = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES)
        address = writer.get_extra_info("peername")[0]
        while True:
            try:
                received = await read_request(viewer, reader, writer)
            except h11.RemoteProtocolError as error:
                if viewer.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                    await refuse(viewer, writer, error.error_status_hint)
                return
            if received is None:
                return
            await self._answer(viewer, writer, address, *received)
            if viewer.our_state is not h11.DONE or viewer.their_state is not h11.DONE:
                return
            viewer.start_next_cycle()

    async def _answer(
        self,
        viewer: h11.Connection,
        writer: asyncio.StreamWriter,
        address: str,
        request: h11.Request,
        body: bytes,
    ) -> None:
        host = next((value for name, value in request.headers if name == b"host"), b"")
        if not is_loopback(host.decode("latin-1")):
            await refuse(viewer, writer, 403, NOT_HERE)
            return
        target = request.target.decode("ascii", "replace")
        behaviour = find_behaviour(self._behaviours, target.partition("?")[0])
        if not target.startswith("/") or request.method.decode() not in behaviour.methods:
            await refuse(viewer, writer, 403)  # as CloudFront answers both
            return
        headers = self._edge.normalised(request.headers.raw_items())
        key = self._edge.key(request.method.decode(), target, headers)
        if (known := self._edge.refused(address) or self._edge.kept(key)) is not None:
            await self._reply(viewer, writer, request.method, known)
            return
        throttle = self._throttles.get(behaviour.api_id)
        if throttle is not None and not throttle.takes():
            await self._reply(
                viewer, writer, request.method, Answer(*bare(HTTPStatus.TOO_MANY_REQUESTS))
            )
            return
        added = behaviour.origin_headers | {VIEWER_ADDRESS: address}
        path = f"/_aws/execute-api/{behaviour.api_id}{target}"
        forwarded = h11.Request(
            method=request.method,
            target=path.encode("ascii"),
            headers=[
                (b"Host", self._upstream.host.encode()),
                *forwarded_headers(headers, added),
            ],
        )
        try:
            async with self._in_flight:
                response, payload = await self._upstream.send(forwarded, body)
        except UpstreamFailed:
            await refuse(viewer, writer, 502)
            return
        kept = [pair for pair in response.headers.raw_items() if pair[0].lower() != b"connection"]
        answer = Answer(*as_aws_says_it(response.status_code, kept, payload))
        self._edge.keep(key, answer)
        same = answer.status == response.status_code
        await self._reply(viewer, writer, request.method, answer, response.reason if same else b"")

    async def _reply(
        self,
        viewer: h11.Connection,
        writer: asyncio.StreamWriter,
        method: bytes,
        answer: Answer,
        reason: bytes = b"",
    ) -> None:
        headers = self._edge.completed(answer.headers)
        head = h11.Response(status_code=answer.status, reason=reason, headers=headers)
        writer.write(viewer.send(head) or b"")
        if answer.body and method != b"HEAD":
            writer.write(viewer.send(h11.Data(data=answer.body)) or b"")
        writer.write(viewer.send(h11.EndOfMessage()) or b"")
        await writer.drain()
