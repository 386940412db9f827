"""The code that a seed's result depends on, as a hash.

Of a module counts what it does: its syntax tree without docstrings, so that a comment, a line
break or a better sentence leaves what was played as it is. Of any other file each byte counts.
"""

import ast
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from tools.check.project import ROOT

_SIMULATOR = "tools/lab/simulation"
SIMULATOR = (
    f"{_SIMULATOR}/*.py",
    f"{_SIMULATOR}/**/*.py",
    f"{_SIMULATOR}/**/*.txt",
    "tests/authorization/who_may.toml",
    "tools/__init__.py",
    "tools/lab/authorization/table.py",
    "tools/lab/published.py",
    "tools/lab/support/*.py",
    "tools/check/project.py",
    "tools/entry/*.py",
    "tools/operate/rebuild.py",
    "tools/local/templates.py",
    "requirements/dev.txt",
)
"""The simulator, what it takes from other tools, and the packages that both are locked to."""
PRODUCT = ("shared/**/*.py", "functions/**/*.py", "functions/*/*.yaml", "template.yaml")
_NO_PART = tuple(
    f"{_SIMULATOR}/{name}"
    for name in ("ledger/", "mutants/", "exhaustive/", "__main__", "campaign", "reporting")
)
"""What starts runs, counts and tells of them: a seed goes the same way whatever these say."""
DIGITS = 16
_known: dict[str, str] = {}
"""By the hash of every byte."""
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def code_hash(root: Path = ROOT, patterns: Iterable[str] = (*PRODUCT, *SIMULATOR)) -> str:
    """Return the hash of what lies at *root* now. A second call is cheap where no byte differs."""
    texts = {path: (root / path).read_bytes() for path in files(root, patterns)}
    key = _hash((path, _sha(text)) for path, text in texts.items())
    if key not in _known:
        _known[key] = _hash((path, digest(path, text)) for path, text in texts.items())
    return _known[key]


def files(root: Path = ROOT, patterns: Iterable[str] = (*PRODUCT, *SIMULATOR)) -> list[str]:
    """Return the paths of the files that count, from *root*."""
    found = {
        path.relative_to(root).as_posix() for pattern in patterns for path in root.glob(pattern)
    }
    return sorted(path for path in found if not path.startswith(_NO_PART))


def digest(path: str, text: bytes) -> str:
    """Return the hash of one file."""
    if not path.endswith(".py"):
        return _sha(text)
    return _sha(repr(_plain(ast.parse(text))).encode())


def _hash(parts: Iterable[tuple[str, str]]) -> str:
    return _sha(repr(sorted(parts)).encode())[:DIGITS]


def _sha(text: bytes) -> str:
    return sha256(text).hexdigest()


def _plain(node: Any) -> Any:
    """Return a tree as tuples, the same on every Python: what is empty in it is left out."""
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, ast.AST):
        return node
    fields = {name: getattr(node, name, None) for name in node._fields}
    if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
        fields["body"] = node.body[1:]
    given = {name: value for name, value in fields.items() if value not in (None, [])}
    return type(node).__name__, {name: _plain(value) for name, value in given.items()}
