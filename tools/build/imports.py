"""Which modules of ours a module needs, read from its imports.

Imports inside functions count, for they run one day; those under ``TYPE_CHECKING`` never do.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from tools.build.target import BuildError

_BY_NAME = re.compile(r"\b(__import__|import_module)\(")
_FOR_TYPES = ("TYPE_CHECKING", "typing.TYPE_CHECKING")
_WAITING = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def package(name: str, folder: Path) -> dict[str, Path]:
    """Full name → file of every module of package *name*, whatever its *folder* is called."""
    found = {}
    for path in folder.rglob("*.py"):
        *packages, module = path.relative_to(folder).with_suffix("").parts
        inner = packages if module == "__init__" else [*packages, module]
        found[".".join([name, *inner])] = path
    return found


def closure(modules: Mapping[str, Path], start: Iterable[Path]) -> set[Path]:
    """The files of *start* and those of *modules* that they need, directly or not.

    `BuildError` where an import cannot be read.
    """
    found: set[Path] = set()
    waiting = set(start)
    while waiting:
        path = waiting.pop()
        found.add(path)
        needed = {modules[name] for name in imports(path) if name in modules}
        waiting |= needed - found
    return found


def imports(path: Path) -> frozenset[str]:
    """Full names of what importing and running *path* may import, with the packages around it.

    Of `from a import b` both `a` and `a.b`, for nobody can tell whether `b` is a module.
    `BuildError` where a name is relative or only known at run time.
    """
    return _imports_in(path.read_text(encoding="utf-8"), path)


def at_import(path: Path) -> frozenset[str]:
    """Full names of what importing *path* imports at once, with the packages around it."""
    return _imports_in(path.read_text(encoding="utf-8"), path, at_once=True)


@cache
def _imports_in(text: str, path: Path, *, at_once: bool = False) -> frozenset[str]:
    if by_name := _BY_NAME.search(text):
        raise BuildError(f"{path}: an import statement says what is needed, {by_name[0]} does not")
    statements = _running(ast.parse(text, filename=str(path)), at_once=at_once)
    return frozenset(
        part for each in statements for name in _names(each, path) for part in around(name)
    )


def _running(module: ast.Module, *, at_once: bool) -> Iterator[ast.stmt]:
    """Every statement of *module* but those that type checkers alone read.

    *at_once* leaves out what waits for a call.
    """
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        if at_once and isinstance(node, _WAITING):
            continue
        if isinstance(node, ast.stmt):
            yield node
        for block in _BLOCKS:
            if block != "body" or not _is_for_types(node):
                waiting += getattr(node, block, ())


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in _FOR_TYPES


def _names(statement: ast.stmt, path: Path) -> Iterator[str]:
    match statement:
        case ast.Import(names=names):
            yield from (each.name for each in names)
        case ast.ImportFrom(module=str(module), names=names, level=0):
            yield module
            yield from (f"{module}.{each.name}" for each in names)
        case ast.ImportFrom():
            raise BuildError(f"{path}:{statement.lineno}: import by the full name")


def around(name: str) -> Iterator[str]:
    """A module's name and those of the packages that it is in."""
    while name:
        yield name
        name = name.rpartition(".")[0]
