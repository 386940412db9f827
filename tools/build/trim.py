"""Leaves out of a layer what no function reads.

A test has every function answer on what is left, so a name too many in a layer's list cannot ship.
"""

import gzip
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from tools.build.target import BuildError

_NOWHERE_USED = ("bin", "**/tests", "**/*.pyi", "**/*.c", "**/*.h", "**/*.rst")
_DIST_INFO = ("METADATA",)  # what `importlib.metadata` is asked for: versions
# Service data that only documentation and the command line read.
_BOTOCORE_UNUSED = ("examples-1", "completions-1")


def trim(site: Path, unused: Iterable[str]) -> None:
    """Remove from *site*, a folder of installed packages, what functions do not need.

    *unused* are paths in it; one that is not there is a `BuildError`, lest the list grow old.
    """
    for name in unused:
        if not (site / name).exists():
            raise BuildError(f"trim.toml: the packages have no {name}")
        _remove(site / name)
    for pattern in _NOWHERE_USED:
        for path in list(site.glob(pattern)):
            _remove(path)
    for info in site.glob("*.dist-info"):
        for path in sorted(info.rglob("*"), reverse=True):
            if path.is_dir():
                path.rmdir()
            elif path.name not in _DIST_INFO or path.parent != info:
                path.unlink()
        metadata = info / "METADATA"
        headers, _, _readme = metadata.read_text(encoding="utf-8").partition("\n\n")
        metadata.write_text(headers + "\n", encoding="utf-8")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def trim_botocore(data: Path, services: list[str]) -> None:
    """Keep the latest models of *services* as plain JSON without prose: quick to parse."""
    if not services:
        raise BuildError("botocore-services.txt is empty")
    if unknown := [name for name in services if not (data / name).is_dir()]:
        raise BuildError(f"botocore-services.txt: botocore does not know {', '.join(unknown)}")
    for path in list(data.iterdir()):
        if path.is_dir() and path.name not in services:
            shutil.rmtree(path)
    for service in services:
        *outdated, _latest = sorted((data / service).iterdir())
        for path in outdated:
            shutil.rmtree(path)
    for path in list(data.rglob("*.json*")):
        _make_lean(path)
    _keep_endpoints(data / "endpoints.json", {_prefix(data / service) for service in services})


def _prefix(service: Path) -> str:
    """The name by which the list of endpoints knows a service: `email` for SES."""
    (model,) = service.glob("*/service-2.json")
    prefix: str = json.loads(model.read_text(encoding="utf-8"))["metadata"]["endpointPrefix"]
    return prefix


def _keep_endpoints(path: Path, prefixes: set[str]) -> None:
    """Every client reads this list whole; all of AWS in it cost 18 ms of a cold start."""
    endpoints = json.loads(path.read_text(encoding="utf-8"))
    for partition in endpoints["partitions"]:
        kept = {name: of for name, of in partition["services"].items() if name in prefixes}
        partition["services"] = kept
    path.write_text(json.dumps(endpoints, separators=(",", ":")), encoding="utf-8")


def _make_lean(path: Path) -> None:
    name = path.name.partition(".json")[0]
    raw = path.read_bytes()
    path.unlink()
    if name in _BOTOCORE_UNUSED:
        return
    model = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    lean = json.dumps(_without_prose(model), separators=(",", ":"))
    path.with_name(f"{name}.json").write_text(lean, encoding="utf-8")


def _without_prose(node: object) -> object:
    if isinstance(node, dict):
        # A shape may have a member *named* documentation: an object, where the prose is a string.
        return {
            key: _without_prose(value)
            for key, value in node.items()
            if key != "documentation" or not isinstance(value, str)
        }
    if isinstance(node, list):
        return [_without_prose(item) for item in node]
    return node
