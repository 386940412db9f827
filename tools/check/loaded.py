"""What init of each function loads, as budgets: the record ``tests/architecture/loaded.toml``.

What all functions of a kind load is listed once, exactly. A function adds what its handler's
import statements say, which nobody has to write down; what code imports while it starts (`lazy`:
the wiring chose it); and packages of others. `beyond` counts the modules of ours that it loads
beyond its kind, so that growth behind an import shows as well.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from tools.build.imports import around, at_import, package
from tools.check.project import ROOT

RECORD = ROOT / "tests" / "architecture" / "loaded.toml"
OURS = "shared"
KINDS: Mapping[str, str] = {
    "http": "shared.platform.http.app",
    "consumer": "shared.platform.entry.consumer",
    "relay": "shared.platform.entry.relay",
    "task": "shared.platform.entry.task",
    "authorizer": "shared.identity.http.authorize",
}
"""Kind of function → the module that makes its handler, which no other kind loads."""

Modules = frozenset[str]


class UnknownImportError(Exception):
    """A function loads what no import statement names."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What one function loads beyond its kind: how many modules of ours, and which are chosen."""

    beyond: int
    lazy: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Budgets:
    """The record: what every function loads, what each kind adds, and what each function does.

    ``brings`` is module of ours → packages of others that come with it, beyond the kinds.
    """

    every: Modules
    kinds: Mapping[str, Modules]
    brings: Mapping[str, Modules]
    functions: Mapping[str, Extras]

    @classmethod
    def of(cls, measured: Mapping[str, Modules], handlers: Mapping[str, Path]) -> Self:
        """Return the budgets of functions that load *measured*, both by ``context/use_case``."""
        kinds = {name: kind_of(modules) for name, modules in measured.items()}
        every = frozenset.intersection(*measured.values())
        by_kind = {
            kind: frozenset.intersection(
                *(modules for name, modules in measured.items() if kinds[name] == kind)
            )
            - every
            for kind in sorted(set(kinds.values()))
        }
        beyond = {name: each - every - by_kind[kinds[name]] for name, each in measured.items()}
        brings = _brings(measured, beyond)
        functions = {
            name: _extras(measured[name], extra, brings, handlers[name])
            for name, extra in sorted(beyond.items())
        }
        return cls(every, by_kind, brings, functions)

    @classmethod
    def read(cls, record: Path = RECORD) -> Self:
        """Read the record."""
        found = tomllib.loads(record.read_text("utf-8"))
        return cls(
            every=frozenset(found["every"]),
            kinds={kind: frozenset(names) for kind, names in found["kinds"].items()},
            brings={module: frozenset(names) for module, names in found["brings"].items()},
            functions={name: _read_extras(each) for name, each in found["functions"].items()},
        )

    @property
    def entries(self) -> int:
        """How many things somebody has to read: names, and a count for each function."""
        listed = sum(map(len, [self.every, *self.kinds.values(), *self.brings.values()]))
        return listed + sum(1 + len(f.lazy) + len(f.others) for f in self.functions.values())

    def loaded(self, function: str, handler: Path) -> Modules:
        """Return everything that *function* loads, as the record has it."""
        extras = self.functions[function]
        ours = reached([*at_import(handler), *extras.lazy])
        brought = [names for module, names in self.brings.items() if module in ours]
        kind = self.every | self.kinds[kind_of(ours)]
        return ours.union(filter(is_foreign, kind), extras.others, *brought)

    def text(self) -> str:
        """Return the record as TOML."""
        lines = [_HEAD, *_list("every", self.every), "", "[kinds]"]
        for kind, names in self.kinds.items():
            lines += _list(kind, names)
        lines += ["", "[brings]"]
        lines += [f'"{module}" = {_row(names)}' for module, names in self.brings.items()]
        lines += ["", "[functions]"]
        for name, extras in self.functions.items():
            parts = [f"beyond = {extras.beyond}"]
            parts += [f"lazy = {_row(extras.lazy)}"] if extras.lazy else []
            parts += [f"others = {_row(extras.others)}"] if extras.others else []
            lines.append(f'"{name}" = {{ {", ".join(parts)} }}')
        return "\n".join(lines) + "\n"


def kind_of(loaded: Iterable[str]) -> str:
    """Return the kind of a function by what it loads; `LookupError` when it is of none."""
    modules = set(loaded)
    found = [kind for kind, module in KINDS.items() if module in modules]
    if len(found) != 1:
        raise LookupError(f"a function is of one kind of {', '.join(KINDS)}; this is of {found}")
    return found[0]


def is_foreign(module: str) -> bool:
    """Tell whether a module is somebody else's."""
    return module.partition(".")[0] != OURS


def reached(start: Iterable[str]) -> Modules:
    """Return the modules of ours that importing *start* loads, with the packages around them."""
    files, seen = _files(), set[str]()
    waiting = [part for name in start for part in around(name)]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in files:
            continue
        seen.add(name)
        waiting += at_import(files[name])
    return frozenset(seen)


@cache
def _files() -> Mapping[str, Path]:
    return package(OURS, ROOT / OURS)


def _extras(
    loaded: Modules, beyond: Modules, brings: Mapping[str, Modules], handler: Path
) -> Extras:
    stated = reached(at_import(handler))
    ours = {module for module in loaded if not is_foreign(module)}
    left = ours - stated
    implied = {inner for module in left for inner in reached([module]) if inner != module}
    lazy = tuple(sorted(left - implied))
    unknown = stated.union(reached(lazy)) ^ ours
    if unknown:
        raise UnknownImportError(f"{handler}: no import statement explains {sorted(unknown)}")
    brought = frozenset[str]().union(*(n for module, n in brings.items() if module in loaded))
    foreign = {module for module in beyond if is_foreign(module)}
    return Extras(beyond=len(beyond - foreign), lazy=lazy, others=tuple(sorted(foreign - brought)))


def _brings(
    measured: Mapping[str, Modules], beyond: Mapping[str, Modules]
) -> Mapping[str, Modules]:
    """Return the packages that are loaded where a module of ours is that imports packages."""
    where = {
        package: {name for name, each in measured.items() if package in each}
        for package in sorted({p for each in beyond.values() for p in each if is_foreign(p)})
    }
    found: dict[str, set[str]] = {}
    for module, file in sorted(_files().items()):
        users = {name for name, each in measured.items() if module in each}
        if len(users) > 1 and any(map(_is_package, at_import(file))):
            for name, its_users in where.items():
                if users == its_users and not any(name in names for names in found.values()):
                    found.setdefault(module, set()).add(name)
    return {module: frozenset(names) for module, names in found.items()}


def _is_package(name: str) -> bool:
    top = name.partition(".")[0]
    return top != OURS and top not in sys.stdlib_module_names


def _read_extras(found: Mapping[str, Any]) -> Extras:
    return Extras(found["beyond"], tuple(found.get("lazy", ())), tuple(found.get("others", ())))


def _list(name: str, names: Iterable[str]) -> Iterator[str]:
    yield f"{name} = ["
    yield from (f'    "{each}",' for each in sorted(names))
    yield "]"


def _row(names: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{each}"' for each in sorted(names)) + "]"


_HEAD = """\
# What init of each function loads; `make modules` writes it, and whoever changes it reviews the
# difference: every module more costs every cold start. What a handler's import statements say is
# not repeated here (tools/check/loaded.py).
"""
