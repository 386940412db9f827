"""Hold the system to what it did before: ``python -m tools.lab.golden [--record] [PART …]``.

The parts are what every sample event is answered, the OpenAPI document, the events' schemas and
the traces of 200 seeds of the simulator (``tests/golden``). A change that is not meant to change
behaviour leaves them as they are; one that is meant to records them anew, so that its difference
shows in review. Exit status 1 when something differs.
"""

import difflib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.lab.support import environment

environment.fix()
os.environ["MOTO_ACCOUNT_ID"] = "000000000000"  # the templates' ARNs have this one

# ruff: noqa: E402  # these read the environment that was just fixed
from tools.check.project import ROOT
from tools.lab.golden.parts import PARTS

RECORD = ROOT / "tests" / "golden"
_SHOWN = 40


def text_of(found: Mapping[str, Any]) -> str:
    """Return *found* as it is recorded."""
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def differences(recorded: str, found: str) -> Iterator[str]:
    """Yield the lines that differ, none when nothing does."""
    lines = difflib.unified_diff(recorded.splitlines(), found.splitlines(), "recorded", "now", n=2)
    yield from (line.rstrip() for line in lines)


def compare(name: str, found: Mapping[str, Any], record: Path) -> list[str]:
    """Return how *found* differs from what was recorded in the folder *record*."""
    kept = record / f"{name}.json"
    if not found:
        return ["there is nothing to compare"]
    if not kept.exists():
        return [f"{kept} is missing: record it with --record"]
    return list(differences(kept.read_text("utf-8"), text_of(found)))


def _one(name: str, *, record: bool) -> int:
    """Make one part in this process and record or compare it."""
    found = PARTS[name]()
    if record:
        RECORD.mkdir(parents=True, exist_ok=True)
        (RECORD / f"{name}.json").write_text(text_of(found), encoding="utf-8")
        print(f"recorded {name}: {len(found)} entries")
        return 0
    lines = compare(name, found, RECORD)
    print(f"{'DIFFERS' if lines else 'same   '} {name}: {len(found)} entries")
    print("\n".join(lines[:_SHOWN]), end="\n" if lines else "")
    if len(lines) > _SHOWN:
        print(f"… and {len(lines) - _SHOWN} lines more")
    return 1 if lines else 0


@guarded
def main(arguments: Sequence[str]) -> int:
    parser = Parser(prog="make golden", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--record", action="store_true", help="take what is there now for right")
    asked = parser.parse_args(arguments)
    if wrong := [name for name in asked.parts if name not in PARTS]:
        parser.error(f"there is no part {wrong[0]}; there are {', '.join(PARTS)}")
    names = asked.parts or list(PARTS)
    if len(names) == 1:
        return _one(names[0], record=asked.record)
    # A process each: every one of them patches the world in its own way.
    command = [sys.executable, "-m", "tools.lab.golden", *(["--record"] if asked.record else [])]
    codes = [subprocess.run([*command, name], cwd=ROOT, check=False).returncode for name in names]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
