"""Runs a script on a handler in a fresh interpreter with the function's own environment."""

import json
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tools.check.environment import environment_of
from tools.check.project import ROOT

DEVELOPMENT = (ROOT, Path(sysconfig.get_paths()["purelib"]))
"""Where our modules and everybody else's are found here."""


def ask(
    script: str,
    handler: Path,
    paths: Sequence[Path] = DEVELOPMENT,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Any:
    """What `tools/check/<script>` prints as JSON about *handler*, seeing only *paths*.

    *settings* take the place of what the template's defaults come to. Raises
    `subprocess.CalledProcessError` when the handler does not start; stderr says why.
    """
    environment = {**environment_of(handler), **settings}
    return json.loads(_printed(script, (handler.parent, *paths), environment)[-1])


def ask_each(script: str, handlers: Sequence[Path]) -> list[Any]:
    """What a script that takes several handlers prints about each; raises as `ask` does."""
    asked = [(str(handler.parent), environment_of(handler)) for handler in handlers]
    return list(map(json.loads, _printed(script, DEVELOPMENT, {}, json.dumps(asked))))


def _printed(
    script: str, arguments: Sequence[Path], environment: Mapping[str, str], given: str = ""
) -> list[str]:
    child = Path(__file__).with_name(script)
    command = [sys.executable, "-S", "-E", *map(str, (child, *arguments))]
    done = subprocess.run(
        command, env=environment, input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stderr)
        done.check_returncode()
    return done.stdout.splitlines()
