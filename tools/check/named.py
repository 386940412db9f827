"""Names of files and modules of ours in documents, comments and docstrings: what they name exists.

A name stands between backticks: a path (`docs/adr`, ``shared/<context>/api.py``, `*.toml` files
by their folder) or a module with or without what is in it (`tools.check.named`). A path is looked
for from the project's root where it begins with a folder of it, else as the end of any path.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_FOLDERS = ("docs", "events", "functions", "layers", "requirements", "shared", "tests", "tools")
_SUFFIXES = frozenset({".md", ".py", ".toml", ".yaml", ".mk", ".sh", ".json", ".txt", ".in", ""})
_SOURCES = frozenset({".py", ".toml", ".mk", ".sh"})
_NAME = re.compile(r"(?<![`\w])(`{1,2})([^`\s]+)\1(?!`)")
_PATH = re.compile(r"[\w.*<>{},-]+(/[\w.*<>{},-]+)*/?")
_MODULE = re.compile(r"(?:shared|tools|tests|functions)(?:\.\w+)+")
_LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
_VARIABLE = re.compile(r"<[^>]*>|\{[^}]*\}|\*+")


@dataclass(frozen=True, kw_only=True)
class Project:
    """What there is in a project: its *root* and the names that stood for something once."""

    root: Path
    former: Mapping[str, frozenset[str]]
    """Document → what it may name though it is gone."""

    @cached_property
    def paths(self) -> list[str]:
        """Every file and folder, from the root."""
        found = [path for name in _FOLDERS for path in (self.root / name).rglob("*")]
        found += [path for path in self.root.iterdir() if not path.name.startswith(".")]
        return [
            path.relative_to(self.root).as_posix()
            for path in found
            if "__pycache__" not in path.parts
        ]

    def documents(self) -> Iterator[Path]:
        """Every text that people read."""
        for name in self.paths:
            path = self.root / name
            if path.suffix in _SUFFIXES and path.is_file() and "golden" not in path.parts:
                yield path

    def stale(self) -> list[str]:
        """Return what is named and is not there, each as ``document: name``."""
        missing = {
            path.relative_to(self.root).as_posix(): set(self._missing(path))
            for path in self.documents()
        }
        return sorted(
            f"{document}: {name}"
            for document, names in missing.items()
            for name in names - self.former.get(document, frozenset())
        )

    def _missing(self, path: Path) -> Iterator[str]:
        text = path.read_text("utf-8")
        for match in _NAME.finditer(text):
            name = match[2]
            if _MODULE.fullmatch(name):
                is_there = self._has_module(name)
            else:
                is_there = not self._is_path(name) or self._has_path(name)
            if not is_there:
                yield name
        if path.suffix == ".md":
            yield from (each for each in _LINK.findall(text) if not (path.parent / each).exists())

    def _is_path(self, name: str) -> bool:
        folder, slash, _ = name.partition("/")
        ours = bool(slash and folder in _FOLDERS) or Path(name).suffix in _SOURCES
        return ours and _PATH.fullmatch(name) is not None

    def _has_path(self, name: str) -> bool:
        pattern = "[^/]*".join(map(re.escape, _VARIABLE.split(name.rstrip("/"))))
        start = "" if name.partition("/")[0] in _FOLDERS else "(.*/)?"
        whole = re.compile(start + pattern)
        return any(whole.fullmatch(each) for each in self.paths)

    def _has_module(self, name: str) -> bool:
        """Tell whether *name* is a module, or up to two names that stand in one."""
        parts = name.split(".")
        if self.root.joinpath(*parts).is_dir():
            return True
        for depth in range(min(3, len(parts) - 1)):
            end = len(parts) - depth
            source = self.root.joinpath(*parts[:end]).with_suffix(".py")
            if source.is_file():
                text = source.read_text("utf-8")
                return all(re.search(rf"\b{each}\b", text) for each in parts[end:])
        return False
