"""Which metrics the code emits, and with which labels: read from the calls themselves."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.check.project import ROOT

DEFAULTS = frozenset({"service", "environment"})
"""Every metric has these dimensions besides its labels."""

_METHODS = {"add_metric", "gauge", "timed", "in_progress", "summarize"}


def emitted(root: Path = ROOT / "shared") -> dict[str, set[frozenset[str]]]:
    """Return the dimension sets of every metric that a call names."""
    found: dict[str, set[frozenset[str]]] = {}
    for path in sorted(root.rglob("*.py")):
        for name, labels in _in(ast.parse(path.read_text("utf-8"))):
            found.setdefault(name, set()).add(DEFAULTS | labels)
    return found


def _in(module: ast.Module) -> Iterator[tuple[str, frozenset[str]]]:
    for function in (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)):
        known = _dicts(function)
        for node in ast.walk(function):
            if not (isinstance(node, ast.Call) and _is_metric(node)):
                continue
            (name, *_) = node.args
            if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
                continue
            labels: set[str] = set()
            for keyword in node.keywords:
                if keyword.arg is None and isinstance(keyword.value, ast.Name):
                    labels |= known.get(keyword.value.id, set())
                elif keyword.arg is not None and keyword.arg not in (
                    "unit",
                    "value",
                    "resolution",
                ):
                    labels.add(keyword.arg)
            method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            suffixes = ("Sum", "Count") if method == "summarize" else ("",)
            for suffix in suffixes:
                yield f"{name.value}{suffix}", frozenset(labels)


def _is_metric(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id="metrics"), attr=method):
            return method in _METHODS
    return False


def _dicts(function: ast.AST) -> dict[str, set[str]]:
    """Keys of the dicts that a function gives names to, for calls with ``**labels``."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=keys)):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Dict(keys=keys)):
                pass
            case _:
                continue
        found[name] = {str(key.value) for key in keys if isinstance(key, ast.Constant)}
    return found
