"""Which contexts' tables have migrations, read from the contexts.

A context declares them by having ``adapters/migrations.py``. ``python -m
tools.build.known_migrations`` writes the module of operations that names them all; a test fails
when it disagrees. It names them by imports, because those make the layer that operations ships.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from tools.check.project import ROOT
from tools.entry.arguments import Parser
from tools.entry.guard import guarded

MODULE = ROOT / "shared" / "operations" / "adapters" / "known_migrations.py"
_IMPORT = "from shared.{0}.adapters.migrations import MIGRATIONS as {1}"
_TEXT = '''\
"""Which migrations each context's table has, for the task and for the command that runs them.

Written by ``python -m tools.build.known_migrations``: one line a context that has some.
"""

from collections.abc import Mapping, Sequence

{imports}
from shared.platform.migrations.migration import Migration

MIGRATIONS: Mapping[str, Sequence[Migration]] = {{
{entries}
}}
"""Context → its migrations, oldest first."""
'''


def declaring(shared: Path = ROOT / "shared") -> list[str]:
    """Return the contexts that have migrations, sorted."""
    return sorted(path.parents[1].name for path in shared.glob("*/adapters/migrations.py"))


def module(contexts: Sequence[str]) -> str:
    """Return the text of the module that names the migrations of *contexts*."""
    return _TEXT.format(
        imports="\n".join(_IMPORT.format(each, each.upper()) for each in contexts),
        entries="\n".join(f'    "{each}": {each.upper()},' for each in contexts),
    )


@guarded
def main(arguments: Sequence[str]) -> int:
    """Write the module."""
    Parser(description=__doc__).parse_args(arguments)
    contexts = declaring()
    MODULE.write_text(module(contexts), encoding="utf-8")
    print(f"{MODULE.relative_to(ROOT)}: {', '.join(contexts)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
