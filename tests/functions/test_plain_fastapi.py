"""The shortcuts around FastAPI change no answer: every sample gets the same without them."""

import os
import subprocess
import sys

import pytest

from tools.check.project import ROOT

SHOWN = """
import sys
from shared.platform.http.endpoint import EndpointApp
from shared.platform.http import lean_fastapi
from shared.platform.http.reply import Reply
app = EndpointApp("orders", says="Done.", chain=())
@app.get("/orders")
async def endpoint() -> Reply[None]: ...
import opentelemetry.context
print(lean_fastapi.PLAIN, app.endpoint.app == app.endpoint._answer)
print(app.build_middleware_stack().__class__.__name__)
"""


def run(*arguments: str, plain: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PLAIN_FASTAPI": plain, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("plain", "shown"),
    [("1", "True False\nServerErrorMiddleware\n"), ("", "False True\nfunction\n")],
)
def test_the_switch_has_fastapi_serve_the_route(plain: str, shown: str) -> None:
    done = run("-c", SHOWN, plain=plain)
    assert done.stdout == shown, done.stderr


def test_every_sample_is_answered_as_with_the_shortcuts() -> None:
    done = run("-m", "tools.lab.golden", "answers", plain="1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "same    answers" in done.stdout
