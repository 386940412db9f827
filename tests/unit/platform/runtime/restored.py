"""A restore in small: a warmed function is forked twice, as two machines go on from one snapshot.

Prints as JSON what each of both draws and reads. `--no-hooks` leaves out what the function does
after a restore. A fork seeds `random` anew by itself, which a restored machine does not; so each
child first gets back the state that the snapshot had.
"""

import json
import os
import random
import sys
import threading
import time
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tools.lab.support import environment

environment.fix()
os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "snap-start"

# ruff: noqa: E402  # the environment comes first
import snapshot_restore_py as hooks

import functions.payments.get_payment.handler as warmed
from shared.identity.adapters.argon2_hasher import Argon2Hasher
from shared.identity.adapters.signing_keys import SigningKeys
from shared.identity.adapters.token_signer import AccessTokenSigner
from shared.identity.domain.access import Access
from shared.identity.domain.password import Password
from shared.kernel.ids import new_id
from shared.platform.aws.clients import client
from shared.platform.aws.secrets import SecretReader
from shared.platform.entry import lifecycle
from shared.platform.entry.redelivery import delay_after
from shared.platform.runtime import snapshot
from shared.platform.telemetry.tracing import incoming_trace

A_WEEK = 7 * 86_400.0


class Gone(BaseHTTPRequestHandler):
    """Answers as DynamoDB does, and counts connections."""

    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self) -> None:
        """Count one."""
        super().setup()
        Gone.connections += 1

    def do_POST(self) -> None:
        """Say that there is nothing."""
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Secrets:
    """Stands for Secrets Manager; its secret is another in each week."""

    def __init__(self) -> None:
        self.reads = 0

    def get_secret_value(self, **asked: str) -> dict[str, str]:
        """Return the version asked for."""
        self.reads += 1
        return {"SecretString": f"{asked['VersionStage']} of week {int(now() // A_WEEK)}"}


@dataclass
class Drawn:
    """What one restored environment has."""

    ids: list[str]
    jitter: list[float]
    delays: list[int]
    token: str
    nonce: str
    salt: str
    secret: str
    reads: int
    init_ms: float | None


later = 0.0


def now() -> float:
    """The wall clock, which a restored machine reads right."""
    return time.time() + later


def drawn(tokens: AccessTokenSigner, reader: SecretReader, secrets: Secrets) -> Drawn:
    """Draw what has to differ, and read what may have expired."""
    identity, at = new_id(), int(now())
    access = Access(
        user_id="one", session_id=identity, token_id=new_id(), issued_at=at, expires_at=at + 900
    )
    reads = secrets.reads
    return Drawn(
        ids=[identity, new_id()],
        jitter=[random.random() for _ in range(3)],
        delays=[delay_after(9) for _ in range(6)],
        token=tokens.sign(access),
        nonce=incoming_trace(),
        salt=Argon2Hasher().hash(Password("a password of some length")),
        secret=reader.get().current,
        reads=secrets.reads - reads,
        init_ms=lifecycle._process.init_ms,
    )


def restored(write: int, state: Any, secrets: Secrets, reader: SecretReader) -> None:
    """Go on as a machine that was restored a week later."""
    global later  # noqa: PLW0603 - the whole process is a week later
    later = A_WEEK
    random.setstate(state)
    if "--no-hooks" not in sys.argv:
        for hook, args, kwargs in hooks.get_after_restore():
            hook(*args, **kwargs)
    tokens = AccessTokenSigner(SigningKeys(reader), issuer="issuer", audience="audience")
    os.write(write, json.dumps(asdict(drawn(tokens, reader, secrets))).encode())


def main() -> None:
    """Warm a process, take the snapshot, restore it twice and print what came of it."""
    assert callable(warmed.handler)
    snapshot._clock._wall = now
    secrets = Secrets()
    reader = SecretReader(secrets, "arn")
    reader.get()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gone)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["AWS_ENDPOINT_URL_SQS"] = f"http://127.0.0.1:{server.server_port}"
    queue = client("sqs")
    ask = {"QueueUrl": f"http://127.0.0.1:{server.server_port}/q"}
    queue.get_queue_attributes(**ask)
    queue.get_queue_attributes(**ask)
    kept = Gone.connections
    for hook, args, kwargs in reversed(hooks.get_before_snapshot()):
        hook(*args, **kwargs)
    queue.get_queue_attributes(**ask)
    result: dict[str, Any] = {"connections": [kept, Gone.connections], "restored": []}
    state = random.getstate()
    for _ in range(2):
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            restored(write, state, secrets, reader)
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as answer:
            result["restored"].append(json.loads(answer.read()))
        os.waitpid(child, 0)
    sys.stdout.write(json.dumps(result))
