"""What people write behind a tool's name: nothing is accepted and then ignored.

    asked = Parser(description=__doc__).parse_args(arguments)

A tool without arguments says so the same way. What it does not know ends it with status 2 and
the nearest option that it does know. Standard library only, as `tools.entry.guard`.
"""

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any

from tools.entry.names import nearest

_OPTION = re.compile(r"(?<![\w-])--?[a-z][\w-]*")


class Parser(argparse.ArgumentParser):
    """Argparse's, with help for what was mistyped; subparsers are of this class as well."""

    def __init__(self, *, prog: str | None = None, **options: Any) -> None:
        super().__init__(prog=prog or _command(), **options)

    def parse_known_args(
        self, args: Iterable[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Return what *args* say; never with a rest, which ends the process instead."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            first = unknown[0].partition("=")[0]
            usage = self.format_usage().replace(self.prog, "", 1)
            options = set(_OPTION.findall(usage)) - {"-h"} | {"--help"}
            hint = nearest(first, options) if first.startswith("-") else ""
            self.error(f"unrecognized arguments: {' '.join(unknown)}.{hint}")
        return found, unknown


def _command() -> str | None:
    """Return how this process was started, where it was by a module's name."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    name = spec.name.removesuffix(".__main__") if spec else ""
    return f"python -m {name}" if name.startswith("tools.") else None
