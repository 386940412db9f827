"""The modules that each handler loads: ``python -m tools.check.modules`` records them.

The record (``tests/architecture/modules``) is what a test compares with; a module more in it costs
every cold start of that function and has to be meant.
"""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.check.environment import environment_of
from tools.check.project import ROOT, handlers

RECORD = ROOT / "tests" / "architecture" / "modules"
_CHILD = Path(__file__).with_name("loaded.py")
_HERE = (ROOT, Path(sysconfig.get_paths()["purelib"]))


def modules_of(handler: Path, paths: Sequence[Path] = _HERE) -> list[str]:
    """What init of this handler loads, in a fresh interpreter that sees only *paths*.

    Raises `subprocess.CalledProcessError` when it does not start; stderr says why.
    """
    command = [sys.executable, "-S", "-E", str(_CHILD), str(handler.parent), *map(str, paths)]
    done = subprocess.run(
        command, env=environment_of(handler), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stderr)
        done.check_returncode()
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


def record_of(handler: Path) -> Path:
    """The committed list of a handler."""
    return RECORD / handler.parts[-3] / f"{handler.parts[-2]}.txt"


def main() -> int:
    found = handlers()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        lists = list(pool.map(modules_of, found))
    for handler, modules in zip(found, lists, strict=True):
        record = record_of(handler)
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text("\n".join(modules) + "\n", encoding="utf-8")
    kept = {record_of(handler) for handler in found}
    for record in RECORD.glob("*/*.txt"):
        if record not in kept:
            record.unlink()
    print(f"recorded the modules of {len(found)} handlers")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
