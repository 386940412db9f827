"""Skeletons, and where this project's code imports its names from."""

import ast
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from tools.new.errors import CannotMake

_SKELETONS = Path(__file__).parent / "skeletons"
_PLACE = re.compile("«(\\w+)»")
_FROM = re.compile(r"^from @(\w+) import", re.MULTILINE)


def filled(skeleton: str, values: Mapping[str, str], root: Path) -> str:
    """Return a skeleton with its «places» filled, and each ``from @name`` with name's module."""
    text = (_SKELETONS / f"{skeleton}.txt").read_text("utf-8")
    text = _FROM.sub(lambda found: f"from {module_of(found[1], root)} import", text)
    return _PLACE.sub(lambda found: values[found[1]], text)


def module_of(name: str, root: Path) -> str:
    """Return the module that handlers, contexts and their tests import *name* from."""
    modules: Counter[str] = Counter()
    for folder in ("functions", "shared", "tests/functions"):
        for path in (root / folder).rglob("*.py"):
            text = path.read_text("utf-8")
            if name in text:
                modules.update(
                    str(node.module)
                    for node in ast.walk(ast.parse(text))
                    if isinstance(node, ast.ImportFrom)
                    and any(alias.name == name for alias in node.names)
                )
    if not modules:
        raise CannotMake(f"No code here imports {name}, which the skeletons need.")
    return modules.most_common(1)[0][0]
