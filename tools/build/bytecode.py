"""Bytecode for the target runtime and nothing else.

Without .pyc a cold start compiles every module again (docs/benchmarks.md says what that costs), so
a build that cannot make them stops.
"""

import subprocess
from pathlib import Path

from tools.build.target import MAGIC, BuildError, interpreter, python_version, with_bytecode

# PEP 552: the header holds a hash of the source and, bit 1 being unset, nobody compares it.
_UNCHECKED_HASH = 0b01
# So many are compiled before a pool of processes has started.
_FEW = 20


def compile_tree(
    root: Path, runs_at: str, *, keep_sources: bool = True, docstrings: bool = True
) -> None:
    """Compile all modules below *root*, which lies at *runs_at* on Lambda (for tracebacks).

    Without sources the bytecode takes their place: a `.pyc` file where a `.py` file was. Without
    *docstrings* it has no assertions either.
    """
    if not with_bytecode():
        print("WARNING: building without bytecode, as asked; cold starts will be slow")
        return
    version = python_version()
    modules = _sources_below(root)
    options = ["-q", "--invalidation-mode", "unchecked-hash"]
    if len(modules) > _FEW:
        options += ["-j", "0"]
    options += ["-s", str(root), "-p", runs_at]
    if not keep_sources:
        options.append("-b")
    if not docstrings:
        options += ["-o", "2"]
    command = [interpreter(version), "-m", "compileall", *options, str(root)]
    if subprocess.run(command, check=False).returncode:
        raise BuildError(f"some modules below {root} do not compile for Python {version}")
    for source in modules:
        if keep_sources:
            tag = "cpython-" + version.replace(".", "")
            check(source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc", version)
        else:
            check(source.with_suffix(".pyc"), version)
            source.unlink()


def _sources_below(root: Path) -> list[Path]:
    found = sorted(root.rglob("*.py"))
    if not found:
        raise BuildError(f"no modules below {root}: nothing was built")
    return found


def check(compiled: Path, version: str) -> None:
    """`BuildError` unless a runtime of *version* loads *compiled* and ignores its source."""
    if not compiled.exists():
        raise BuildError(f"{compiled} is missing")
    header = compiled.read_bytes()[:8]
    if int.from_bytes(header[:2], "little") != MAGIC[version]:
        raise BuildError(f"{compiled} was not compiled by Python {version}")
    if int.from_bytes(header[4:], "little") != _UNCHECKED_HASH:
        raise BuildError(f"{compiled} would be compared with its source at every import")
