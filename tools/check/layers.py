"""Which layers a function needs, derived from what it imports."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from tools.build.imports import imports, package
from tools.check.project import ROOT

_IN_THE_RUNTIME = {"snapshot_restore_py"}
"""What Lambda's own runtime for Python has and no layer need bring."""
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


class NoLayerError(Exception):
    """What a function imports is in no layer."""


def pins(lock: Path) -> dict[str, str]:
    """Package → version, as a lock file has them; names in their normal form."""
    return {_normal(name): pin for name, pin in _PINNED.findall(lock.read_text(encoding="utf-8"))}


def layer_folders(root: Path = ROOT) -> list[Path]:
    """Every layer of third parties' packages; a folder with requirements is one."""
    return sorted(path.parent for path in (root / "layers").glob("*/requirements.in"))


def needed_layers(loaded: Iterable[str], root: Path = ROOT) -> set[str]:
    """The layers that hold what a function loads at its start or names in a module of ours.

    *loaded* are the modules of its record: ours in full, of others the top-level name. What a
    loaded module imports inside its functions counts, for it does so in some request.
    `NoLayerError` names what the environment has and no layer.
    """
    ours = _modules(root / "shared")
    known = [name for name in loaded if name in ours]
    named = {name.partition(".")[0] for each in known for name in imports(ours[each])}
    tops = (named | set(loaded)) - {"shared", *ours}
    layers = _layer_of_packages(root)
    found = set()
    for top in tops & _distributions().keys() - _IN_THE_RUNTIME:
        packages = {_normal(name) for name in _distributions()[top]}
        holding = {layers[name] for name in packages if name in layers}
        if not holding:
            raise NoLayerError(f"{top} is in no layer")
        found |= holding
    return found


def _layer_of_packages(root: Path) -> dict[str, str]:
    return {
        name: folder.name
        for folder in layer_folders(root)
        for name in pins(folder / "requirements.txt")
    }


@cache
def _modules(shared: Path) -> dict[str, Path]:
    return package("shared", shared)


@cache
def _distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
