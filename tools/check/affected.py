"""What a change can break: the tests that import what has changed, at any remove.

Imports come from grimp. Four things it cannot see are added to them: a module that is named in a
string (``importlib.import_module(f"functions.orders.{use_case}.handler")``, ``python -m …``), a
file that is named in a string (``"template.yaml"``), a folder that is named in a string and walked
through (``"events"``), and the conftest modules that pytest gives the tests beside and below them.
"""

import re
import subprocess
from collections import defaultdict, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import grimp

PACKAGES = ("shared", "functions", "tools", "tests")
_TEXT = re.compile(r"""["']([\w./{}\[\]()'-]{3,120}?)["']""")
_FILLED = re.compile(r"\{[^{}]*\}")
_DOTTED = re.compile(r"[\w.]+")


class NoBase(Exception):
    """There is nothing to compare with; the message says what git said."""


def changed(root: Path, base: str = "main") -> list[str]:
    """Return the files that differ from where this branch left *base*, new ones included."""
    start = _git(root, "merge-base", base, "HEAD")[0]
    differing = _git(root, "diff", "--name-only", "--relative", start)
    return sorted({*differing, *_git(root, "ls-files", "--others", "--exclude-standard")})


def _git(root: Path, *arguments: str) -> list[str]:
    done = subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NoBase(f"git {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout.splitlines()


@dataclass(frozen=True, slots=True)
class Affected:
    """A file of tests, and how the change reaches it: from the file itself to what changed."""

    file: str
    chain: tuple[str, ...]

    @property
    def distance(self) -> int:
        """How many steps away the change is; none where the file itself has changed."""
        return len(self.chain) - 1

    @property
    def why(self) -> str:
        """The chain in words."""
        return " ← ".join(self.chain[1:]) or "changed itself"


class Project:
    """The modules at *root*, and who reads what of it."""

    def __init__(self, root: Path, packages: Sequence[str] = PACKAGES) -> None:
        graph = grimp.build_graph(*packages, cache_dir=None)
        self.files: dict[str, str] = {}
        """Path → name of each module."""
        self._readers: dict[str, set[str]] = defaultdict(set)
        """Module → those that import it."""
        self._named: dict[str, set[str]] = defaultdict(set)
        """Text → the modules that have it as a string."""
        for name in graph.modules:
            self._readers[name] |= graph.find_modules_that_directly_import(name)
            if path := _file(root, name):
                self.files[path] = name
                for text in set(_TEXT.findall((root / path).read_text(encoding="utf-8"))):
                    self._named[text].add(name)
        self._add_named_modules(packages)
        self._add_conftests()

    def affected(self, paths: Collection[str]) -> list[Affected]:
        """Return the files of tests that *paths* reach, the nearest first."""
        seen: dict[str, tuple[str, ...]] = {}
        ahead: deque[tuple[str, tuple[str, ...]]] = deque()
        for path in sorted(paths):
            if path in self.files:
                ahead.append((self.files[path], ()))
            ahead.extend((name, (path,)) for name in sorted(self._readers_of_file(path)))
        ahead = deque(sorted(ahead, key=lambda each: len(each[1])))
        while ahead:
            name, chain = ahead.popleft()
            if name in seen:
                continue
            seen[name] = (name, *chain)
            ahead.extend((reader, seen[name]) for reader in sorted(self._readers[name]))
        names = {name: path for path, name in self.files.items()}
        found = [
            Affected(names[name], chain)
            for name, chain in seen.items()
            if is_test(names.get(name, ""))
        ]
        return sorted(found, key=lambda each: (each.distance, each.file))

    @property
    def tests(self) -> list[str]:
        """Every file of tests."""
        return sorted(filter(is_test, self.files))

    def _readers_of_file(self, path: str) -> set[str]:
        """Return the modules that name a file, or else the folder nearest to it that is named.

        A name that many modules have, such as ``handler.py``, is that of tests which read them
        all; a tool that lists them does not change with one of them.
        """
        *folders, name = PurePosixPath(path).parts
        found = self._named.get(path, set()) | self._named.get(name, set())
        if path in self.files:
            alike = sum(PurePosixPath(each).name == name for each in self.files)
            if alike > 1:
                found = {each for each in found if is_test(f"{each.rpartition('.')[2]}.py")}
            return found - {self.files[path]}
        return found or next(filter(None, map(self._named.get, reversed(folders))), set())

    def _add_named_modules(self, packages: Sequence[str]) -> None:
        everything = "\n".join([*self.files.values(), *self._readers])
        for text, readers in self._named.items():
            if text.partition(".")[0] not in packages or "." not in text:
                continue
            pattern = _pattern(text)
            for name in re.findall(rf"^{pattern}(?:\.__main__)?$", everything, re.MULTILINE):
                self._readers[name] |= readers - {name}

    def _add_conftests(self) -> None:
        for path, name in self.files.items():
            if PurePosixPath(path).name == "conftest.py":
                below = f"{PurePosixPath(path).parent}/"
                self._readers[name] |= {
                    other
                    for file, other in self.files.items()
                    if file.startswith(below) and other != name
                }


def is_test(path: str) -> bool:
    """Whether pytest finds tests in this file."""
    return PurePosixPath(path).name.startswith("test_") and path.endswith(".py")


def _pattern(text: str) -> str:
    """Return the pattern of the modules that a string may name: what is filled in is anything."""
    fixed = _FILLED.split(text)
    return _DOTTED.pattern.join(map(re.escape, fixed))


def _file(root: Path, module: str) -> str:
    """Return the path of a module, or nothing for a folder without ``__init__.py``."""
    path = Path(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if (root / candidate).is_file():
            return candidate.as_posix()
    return ""
