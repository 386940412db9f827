"""What each handler loads: ``python -m tools.check.modules [context…]`` records it as budgets.

The record (``tests/architecture/loaded.toml``, see `tools.check.loaded`) is what a test compares
with; a module more in it costs every cold start of that function and has to be meant. Where
contexts are named, only their functions are started; the others load what the record and their
imports say.
"""

import os
import sys
from collections.abc import Collection, Mapping, Sequence
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


def loaded_by(
    handler: Path, paths: Sequence[Path] = DEVELOPMENT
) -> tuple[frozenset[str], frozenset[str]]:
    """What init of this handler loads, and the services whose models botocore reads meanwhile."""
    found: dict[str, Any] = ask("modules_child.py", handler, paths)
    return frozenset(found["modules"]), frozenset(found["models"])


def name_of(handler: Path) -> str:
    """How people write a function: ``context/use_case``."""
    return "/".join(handler.parts[-3:-1])


def recorded(handler: Path) -> set[str]:
    """What a handler loads as the record has it."""
    return set(Budgets.read().loaded(name_of(handler), handler))


def measured(contexts: Collection[str] = ()) -> Budgets:
    """Start every handler here, or those of *contexts*; return what all load, as budgets."""
    handler_of = {name_of(handler): handler for handler in handlers()}
    started = [name for name in handler_of if not contexts or name.partition("/")[0] in contexts]
    loaded: dict[str, frozenset[str]] = {
        name: frozenset(recorded(handler_of[name])) for name in handler_of.keys() - started
    }
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        lists = pool.map(modules_of, [handler_of[name] for name in started])
        loaded |= zip(started, map(frozenset, lists), strict=True)
    return Budgets.of({name: loaded[name] for name in handler_of}, handler_of)


@guarded
def main(arguments: Sequence[str]) -> int:
    parser = Parser(description=__doc__)
    known = sorted({handler.parts[-3] for handler in handlers()})
    parser.add_argument("context", nargs="*", help="start the functions of these alone")
    asked = parser.parse_args(arguments).context
    if unknown := sorted({*asked} - {*known}):
        parser.error(f"There is no context {unknown[0]}; there are {', '.join(known)}.")
    budgets = measured(asked)
    RECORD.write_text(budgets.text(), encoding="utf-8")
    print(f"recorded what {len(budgets.functions)} handlers load in {budgets.entries} entries")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
