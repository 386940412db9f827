"""What counts as a use of a row: a function or a context that reaches for it.

A helper that is defined, and called by its own tests, is no promise kept to anybody. So a place of
use is a file of `functions/`, or of a context: its use cases, queries, consumers and tasks, its
adapters; its ``http`` (the half of a handler that has the models of its requests and answers), its
``wiring`` (the half of a use case that it is handed) and its ``api`` (what a neighbour's wiring
takes). The name after ``::`` comes from elsewhere and is reached for there: called, decorated
with, derived from, raised, or the type that a request's field is checked by.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_PLACE = re.compile(
    r"functions/\w+/\w+/handler\.py"
    r"|shared/(?!kernel/|platform/)\w+/"
    r"((use_cases|queries|adapters|http)/\w+|consumers|tasks|wiring|api)\.py"
)
_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def misused(root: Path, used: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield a line for every place of use that is none."""
    for row, places in used.items():
        for place in places:
            if wrong := mistake(root, place):
                yield f"[used] {row}: {place} {wrong}"


def mistake(root: Path, place: str) -> str:
    """Say why *place* (``path::name``) is no use, nothing if it is one."""
    path, _, name = place.partition("::")
    if not _PLACE.fullmatch(path):
        return "is neither a function nor a context's use case, query, consumer or adapter"
    if not name:
        return "does not say what is used there"
    if not (root / path).exists():
        return "is not there"
    tree = ast.parse((root / path).read_text("utf-8"))
    if name in set(_defined(tree)):
        return "is where it is defined, not used"
    return "" if name in set(_reached(tree)) else "is not called there"


def _defined(tree: ast.Module) -> Iterator[str]:
    """Yield what the file itself defines, at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, _DEFINES):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name))


def _reached(tree: ast.Module) -> Iterator[str]:
    """Yield the names that are reached for: no import alone, and no annotation in quotes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node.attr
