"""MiniStack as a child process: its environment, its readiness and its end."""

import base64
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
from contextlib import suppress
from pathlib import Path

from tools.local.emulator_process import IAM_RECORD
from tools.local.errors import EmulatorFailed
from tools.local.loopback import get_json
from tools.local.options import (
    ACCOUNT_ID,
    LOOPBACK,
    REGION,
    Options,
)

READY_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 15
POLL_SECONDS = 0.05


class Emulator:
    """One MiniStack on loopback; everything it writes lies in the work directory."""

    def __init__(self, options: Options, port: int) -> None:
        self.port = port
        self.endpoint = f"http://{LOOPBACK}:{port}"
        self.log_file = options.log_dir / "ministack.log"
        # A key of this run's own is what lets nobody else in: the emulator checks no signature.
        self.access_key_id = f"AKIA{base64.b32encode(secrets.token_bytes(10)).decode()}"
        self.secret_access_key = secrets.token_urlsafe(30)
        self._options = options
        self._scratch = options.work_dir / "tmp"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id, which also names the process group of its workers; 0 when not started."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start the process; it is not ready yet."""
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._scratch.mkdir(parents=True)
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tools.local.emulator_process"],
                cwd=self._options.project_root,
                env=self._environment(),
                stdin=subprocess.PIPE,  # closes when this process ends, however it ends
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a group of its own: Ctrl-C reaches us, we stop it
            )

    def wait_until_ready(self) -> None:
        """Return once it answers; `EmulatorFailed` with its last words if it does not."""
        deadline = time.monotonic() + READY_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise EmulatorFailed(f"MiniStack ended while starting:\n{self._last_words()}")
            with suppress(OSError, urllib.error.HTTPError):
                get_json(f"{self.endpoint}/_ministack/ready")
                return
            time.sleep(POLL_SECONDS)
        raise EmulatorFailed(f"MiniStack is not ready:\n{self._last_words()}")

    def check(self) -> None:
        """Return while it runs; `EmulatorFailed` with its last words once it does not."""
        if self._process is None or (status := self._process.poll()) is None:
            return
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        raise EmulatorFailed(
            f"MiniStack has died ({how}), and with it what was stored since the start. "
            f"The same command starts it again.\n{self._last_words()}".rstrip()
        )

    def stop(self) -> None:
        """End the process and all workers it started, and remove what they left behind."""
        if self._process is None:
            return
        group = self._process.pid
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)  # workers that outlived it hold nothing to save
        if self._process.stdin:
            self._process.stdin.close()
        self._process = None
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        # Functions inherit this environment, so it is built from nothing: neither the developer's
        # AWS configuration nor PYTHONPATH or PYTHONDONTWRITEBYTECODE may reach them.
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._scratch),
            "LANG": "C.UTF-8",
            "TMPDIR": str(self._scratch),
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": LOOPBACK,
            "AUTH": "true",
            "LOG_LEVEL": "WARNING",
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_EC2_METADATA_DISABLED": "true",
            # What a burst of calls leaves idle goes after a minute; each function keeps one.
            "LAMBDA_WARM_TTL_SECONDS": "60",
            # Listeners and look-ups nobody here uses.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "DOCKER_HOST": f"unix://{self._scratch}/no-docker.sock",
            **({IAM_RECORD: str(record)} if (record := self._options.iam_record) else {}),
        }

    def _last_words(self) -> str:
        return tail(self.log_file)


def tail(file: Path, lines: int = 20) -> str:
    """Return the last *lines* of *file*, or nothing if it is not there."""
    if not file.exists():
        return ""
    return "\n".join(file.read_text("utf-8", errors="replace").splitlines()[-lines:])
