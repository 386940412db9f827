"""FastAPI is imported without OpenTelemetry, and whoever wants the real one gets it."""

import os
import subprocess
import sys

import pytest

from shared.platform.http import silent_telemetry as subject

_SCRIPT = """
import sys
from shared.platform.http import lean_fastapi
assert not [name for name in sys.modules if name.startswith("opentelemetry")], "loaded"
import opentelemetry.context
assert opentelemetry.context.__file__, "a stand-in was left"
from fastapi.telemetry import get_telemetry_data
assert get_telemetry_data() is None
"""


def _fresh(script: str) -> subprocess.CompletedProcess[str]:
    lean = {name: value for name, value in os.environ.items() if name != "PLAIN_FASTAPI"}
    return subprocess.run(
        [sys.executable, "-c", script], env=lean, capture_output=True, text=True, check=False
    )


def test_fastapi_loads_nothing_of_it_and_the_real_one_stays_in_reach() -> None:
    done = _fresh(_SCRIPT)
    assert done.returncode == 0, done.stderr


def test_a_name_that_fastapi_needs_and_that_is_missing_fails_the_import() -> None:
    missing = (
        "from shared.platform.http import silent_telemetry\n"
        "silent_telemetry._NAMES['trace'] = ('Span', 'SpanKind', 'Tracer', 'TracerProvider')\n"
        "from shared.platform.http import lean_fastapi\n"
    )
    done = _fresh(missing)
    assert done.returncode != 0
    assert "ImportError: cannot import name 'StatusCode'" in done.stderr


def test_what_is_loaded_already_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", sys)
    with subject.silent_telemetry():
        assert sys.modules["opentelemetry"] is sys
