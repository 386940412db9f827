"""What a recording says of each function."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tools.check.project import ROOT
from tools.measure.bench.stub import Exchange


@dataclass(slots=True)
class Recorded:
    """One function: what it finds in its environment, its event, and what AWS answered.

    ``warm_calls`` is how many calls a warm request makes; ``refused`` says why the function cannot
    be benched, if it cannot.
    """

    function: str
    variables: dict[str, str] = field(default_factory=dict)
    event: dict[str, Any] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    warm_calls: float = 0.0
    refused: str = ""


def write(file: Path, recorded: Iterable[Recorded]) -> None:
    """Keep a recording."""
    file.write_text(json.dumps([asdict(each) for each in recorded]), encoding="utf-8")


def read(file: Path) -> dict[str, Recorded]:
    """Return a recording by function."""
    found = {}
    for each in json.loads(file.read_text("utf-8")):
        exchanges = [Exchange(**known) for known in each.pop("exchanges")]
        found[each["function"]] = Recorded(**each, exchanges=exchanges)
    return found


def record(file: Path) -> dict[str, Recorded]:
    """Make a recording of every function, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.measure.bench.recording", str(file)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,  # the functions' log lines
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"nothing could be recorded: {done.stderr}")
    return read(file)
