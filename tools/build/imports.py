"""Which modules of a package a module of ours needs, read from its imports.

Imports inside functions count, for they run one day; those under ``TYPE_CHECKING`` never do.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tools.build.target import BuildError

_BY_NAME = frozenset({"__import__", "import_module"})


@dataclass(frozen=True, slots=True)
class Package:
    """A package by its import name, and the folder that holds it, whatever that is called."""

    name: str
    folder: Path

    def closure(self, start: Iterable[Path]) -> set[Path]:
        """The modules of *start* and all of this package that they need, directly or not.

        `BuildError` where an import cannot be read.
        """
        found: set[Path] = set()
        waiting = set(start)
        while waiting:
            path = waiting.pop()
            found.add(path)
            waiting |= self.imported_by(path) - found
        return found

    def imported_by(self, path: Path) -> set[Path]:
        """The modules of this package that importing and running *path* may import."""
        return {module for name in imports(path) for module in self._modules(name)}

    def _modules(self, dotted: str) -> Iterator[Path]:
        """The module of that name, where this package has one, and all packages around it."""
        top, *inner = dotted.split(".")
        if top != self.name:
            return
        places = [self.folder.joinpath(*inner[:depth]) for depth in range(len(inner) + 1)]
        candidates = [place / "__init__.py" for place in places]
        candidates += [place.with_name(f"{place.name}.py") for place in places[1:]]
        yield from (path for path in candidates if path.is_file())


@cache
def imports(path: Path) -> frozenset[str]:
    """Full names of what *path* imports; of `from a import b` both `a` and `a.b`.

    `BuildError` where a name is relative or only known at run time: nobody can tell what it needs.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return frozenset(name for node in _running(tree) for name in _names(node, path))


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """*node* and everything below it but what type checkers alone read."""
    yield node
    only_for_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    children = node.orelse if only_for_types else ast.iter_child_nodes(node)
    for child in children:
        yield from _running(child)


def _names(node: ast.AST, path: Path) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (each.name for each in names)
        case ast.ImportFrom(module=str(module), names=names, level=0):
            yield module
            yield from (f"{module}.{each.name}" for each in names)
        case ast.ImportFrom():
            raise BuildError(f"{path}:{node.lineno}: import by the full name")
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)) if called in _BY_NAME:
            raise BuildError(f"{path}:{node.lineno}: name the module in an import statement")
