"""Builds the shared layer of one service: `SHARED ARTIFACTS CONTEXT`.

It has the kernel, the platform, the context itself, and of other contexts what those import: what
a context publishes for others (`api.py`) and what that needs. So a change in one context changes
the layers of those alone who use it.
"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.build import sources
from tools.build.imports import closure, package
from tools.build.target import BuildError
from tools.entry.arguments import Parser
from tools.entry.guard import guarded

EVERYBODYS = ("kernel", "platform")


def build(shared: Path, artifacts: Path, context: str) -> None:
    """Fill *artifacts*; `BuildError` says why it cannot."""
    sources.build(shared, artifacts, "python/shared", modules(shared, context))


def modules(shared: Path, context: str) -> list[Path]:
    """The files of *shared* that the functions of *context* may import, sorted.

    They follow from *shared* alone, not from the handlers: `sam build` looks at a layer's own
    folder to see whether it has to be built again.
    """
    if not (shared / context).is_dir():
        raise BuildError(f"there is no context {context} in {shared}")
    whole = (shared / folder for folder in (*EVERYBODYS, context))
    start = [shared / "__init__.py", *(path for folder in whole for path in folder.rglob("*.py"))]
    return sorted(closure(package("shared", shared), start))


def context_of(name: str) -> str:
    """A context's folder by its name in logical ids: `GiftCards` is `gift_cards`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@guarded
def main(arguments: Sequence[str]) -> int:
    """Build what the arguments name."""
    parser = Parser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("artifacts", type=Path)
    parser.add_argument("context", type=context_of)
    asked = parser.parse_args(arguments)
    build(asked.shared, asked.artifacts, asked.context)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
