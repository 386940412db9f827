"""The modules that each handler loads: ``python -m tools.check.modules`` records them.

The record (``tests/architecture/modules``) is what a test compares with; a module more in it costs
every cold start of that function and has to be meant.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

from tools.check.child import DEVELOPMENT, ask
from tools.check.project import ROOT, handlers
from tools.entry.guard import guarded

RECORD = ROOT / "tests" / "architecture" / "modules"


def modules_of(
    handler: Path,
    paths: Sequence[Path] = DEVELOPMENT,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """What init of this handler loads; raises as `tools.check.child.ask` does."""
    found: list[str] = ask("modules_child.py", handler, paths, settings)
    return found


def record_of(handler: Path) -> Path:
    """The committed list of a handler."""
    return RECORD / handler.parts[-3] / f"{handler.parts[-2]}.txt"


def recorded(handler: Path) -> set[str]:
    """What the committed list of a handler says."""
    return set(record_of(handler).read_text(encoding="utf-8").split())


@guarded
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
