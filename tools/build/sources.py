"""Copies Python sources into an artifact and compiles them: `SOURCE ARTIFACTS`.

Only `*.py` travels: Makefiles, READMEs and whatever local runs left behind stay at home, so the
same sources give the same artifact. A subfolder means a layer (Lambda unpacks it to /opt), none a
function (/var/task).
"""

import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.build.bytecode import compile_tree
from tools.entry.arguments import Parser
from tools.entry.guard import guarded


def build(
    source: Path, artifacts: Path, subfolder: str = "", paths: Iterable[Path] | None = None
) -> None:
    """Fill *artifacts* with the modules of *source*, or with *paths* in it.

    `BuildError` says why it cannot.
    """
    for path in sorted(source.rglob("*.py") if paths is None else paths):
        copy = artifacts / subfolder / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    compile_tree(artifacts, "/opt" if subfolder else "/var/task")


@guarded
def main(arguments: Sequence[str]) -> int:
    """Build what the arguments name."""
    parser = Parser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("artifacts", type=Path)
    asked = parser.parse_args(arguments)
    build(asked.source, asked.artifacts)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
