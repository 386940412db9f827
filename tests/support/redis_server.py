"""A real Redis, started by the tests on a free port and thrown away."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

_READY_WITHIN_SECONDS = 20


class Unavailable(Exception):
    """There is no Redis here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class RedisServer:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.kill()
        self.process.wait(10)


@contextmanager
def running() -> Iterator[RedisServer]:
    """Run a private server that keeps nothing on disk."""
    command = shutil.which("redis-server") or shutil.which("valkey-server")
    if command is None:
        raise Unavailable("the cache in Redis needs redis-server (Debian: redis-server)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    process = subprocess.Popen(
        [command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_ready(process, port)
        yield RedisServer(f"redis://127.0.0.1:{port}/0", process)
    finally:
        process.kill()
        process.wait(10)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(_READY_WITHIN_SECONDS * 20):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as link:
            link.sendall(b"PING\r\n")
            if link.recv(16).startswith(b"+PONG"):
                return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            break
    raise Unavailable("redis-server did not start")
