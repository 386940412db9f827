"""What each handler loads: ``python -m tools.check.modules`` records it as budgets.

The record (``tests/architecture/loaded.toml``, see `tools.check.loaded`) is what a test compares
with; a module more in it costs every cold start of that function and has to be meant.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tools.check.child import DEVELOPMENT, ask
from tools.check.loaded import RECORD, Budgets
from tools.check.project import handlers
from tools.entry.arguments import Parser
from tools.entry.guard import guarded


def modules_of(
    handler: Path,
    paths: Sequence[Path] = DEVELOPMENT,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """What init of this handler loads; raises as `tools.check.child.ask` does."""
    found: dict[str, list[str]] = ask("modules_child.py", handler, paths, settings)
    return found["modules"]


def models_of(handler: Path, paths: Sequence[Path] = DEVELOPMENT) -> list[str]:
    """The services whose models botocore reads during init of this handler; raises as above."""
    found: dict[str, Any] = ask("modules_child.py", handler, paths)
    return list(found["models"])


def name_of(handler: Path) -> str:
    """How people write a function: ``context/use_case``."""
    return "/".join(handler.parts[-3:-1])


def recorded(handler: Path) -> set[str]:
    """What a handler loads as the record has it."""
    return set(Budgets.read().loaded(name_of(handler), handler))


def measured() -> Budgets:
    """Start every handler here and return what they load, as budgets."""
    found = handlers()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        lists = list(pool.map(modules_of, found))
    loaded = {
        name_of(handler): frozenset(each) for handler, each in zip(found, lists, strict=True)
    }
    return Budgets.of(loaded, {name_of(handler): handler for handler in found})


@guarded
def main(arguments: Sequence[str]) -> int:
    Parser(description=__doc__).parse_args(arguments)
    budgets = measured()
    RECORD.write_text(budgets.text(), encoding="utf-8")
    print(f"recorded what {len(budgets.functions)} handlers load in {budgets.entries} entries")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
