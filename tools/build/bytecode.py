"""Bytecode beside its source, for the target runtime and nothing else.

Shipping .pyc takes a cold start from 1030 to 430 ms of CPU (docs/benchmarks.md), so a build without them is an error.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from target import MAGIC, BuildError, interpreter, python_version, with_bytecode

_HASH_BASED = 0b01  # PEP 552: the header holds a hash of the source and, without bit 1, nobody compares it


def compile_tree(root: Path, runs_at: str, *, keep_sources: bool = True) -> None:
    """Compile every module below `root`, which will lie at `runs_at` on Lambda (tracebacks name that path).

    Without sources the bytecode takes their place: `module.pyc` where `module.py` was.
    """
    if not with_bytecode():
        print("WARNING: building without bytecode, as asked; cold starts will be slow")
        return
    version = python_version()
    options = ["-q", "-j", "0", "--invalidation-mode", "unchecked-hash", "-s", str(root), "-p", runs_at]
    if not keep_sources:
        options.append("-b")
    command = [interpreter(version), "-m", "compileall", *options, str(root)]
    if subprocess.run(command, check=False).returncode:  # noqa: S603 (own arguments)
        raise BuildError(f"some modules below {root} do not compile for Python {version}")
    for source in sources_below(root):
        compiled = source.with_suffix(".pyc")
        if keep_sources:
            tag = "cpython-" + version.replace(".", "")
            compiled = source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc"
        check(compiled, version)
        if not keep_sources:
            source.unlink()


def sources_below(root: Path) -> list[Path]:
    found = sorted(root.rglob("*.py"))
    if not found:
        raise BuildError(f"no modules below {root}: nothing was built")
    return found


def check(compiled: Path, version: str) -> None:
    """`BuildError` unless `compiled` is what a runtime of `version` loads without looking at the source."""
    if not compiled.exists():
        raise BuildError(f"{compiled} is missing")
    header = compiled.read_bytes()[:8]
    if int.from_bytes(header[:2], "little") != MAGIC[version]:
        raise BuildError(f"{compiled} was not compiled by Python {version}")
    if int.from_bytes(header[4:], "little") != _HASH_BASED:
        raise BuildError(f"{compiled} would be compared with its source at every import")
