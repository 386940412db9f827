"""Builds a layer of third-party packages: `SOURCE ARTIFACTS`.

SOURCE is a folder of `layers/`. It holds `requirements.txt` (locked, with hashes), `trim.toml`
where something is left out and, where botocore is in it, `botocore-services.txt` (the AWS services
that the code calls). The wheels are the target's, version and machine, whatever this machine is.
"""

import contextlib
import fcntl
import hashlib
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.build.bytecode import compile_tree
from tools.build.imports import closure, package
from tools.build.target import (
    BuildError,
    interpreter,
    machine,
    python_version,
    target,
    with_bytecode,
)
from tools.build.trim import trim, trim_botocore
from tools.entry.arguments import Parser
from tools.entry.guard import guarded

_TOOLS = Path(__file__).resolve().parents[1]
_BUILT = _TOOLS.parent / ".aws-sam" / "layers"
_INPUTS = ("requirements.txt", "trim.toml", "botocore-services.txt")


def build_once(source: Path, artifacts: Path) -> None:
    """Put the layer into *artifacts*, built now or kept from an earlier build of the same inputs.

    Every service declares the layers it uses, so one `sam build` of the root asks for each once
    per service and at the same time.
    """
    key = key_of(source)
    built = _BUILT / key
    with _locked(built.with_suffix(".lock")):
        if not built.exists():
            unfinished = built.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            build(source, unfinished)
            unfinished.rename(built)
    shutil.copytree(built, artifacts, dirs_exist_ok=True)


def key_of(source: Path) -> str:
    """Changes whenever the layer would: with the target, its lists, and the code that builds."""
    digest = hashlib.sha256(target().encode())
    for path in (*(source / name for name in _INPUTS), *recipe(Path(__file__))):
        digest.update(f"\0{path.name}\0".encode())
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def recipe(module: Path) -> list[Path]:
    """The code that builds: *module* of this package, and what it imports."""
    return sorted(closure(package("tools", _TOOLS), [module.resolve()]))


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(source: Path, artifacts: Path) -> None:
    """Install, trim, compile; `BuildError` says what stopped it."""
    site = artifacts / "python"
    install(source / "requirements.txt", site)
    rules = source / "trim.toml"
    lists = tomllib.loads(rules.read_text(encoding="utf-8")) if rules.exists() else {}
    trim(site, lists.get("unused", ()))
    services = source / "botocore-services.txt"
    if services.exists():
        trim_botocore(site / "botocore" / "data", services.read_text().split())
    # Without the sources the layer is a fifth smaller, and a runtime of another version stops at
    # its first import instead of compiling everything again, silently, on every cold start.
    wordy = lists.get("without_docstrings", ())
    for name in wordy:
        compile_tree(site / name, f"/opt/python/{name}", keep_sources=False, docstrings=False)
    if not wordy or any(site.rglob("*.py")):
        compile_tree(artifacts, "/opt", keep_sources=False)


def install(requirements: Path, site: Path) -> None:
    """Unpack the locked wheels for the target; hashes are checked, nothing is compiled."""
    version = python_version()
    # Markers in the lock are read by pip's own interpreter, hence the target's version for it.
    python = interpreter(version) if with_bytecode() else sys.executable
    platforms = [option for tag in _platforms(version) for option in ("--platform", tag)]
    options = ["--quiet", "--disable-pip-version-check", "--root-user-action=ignore"]
    options += ["--no-compile", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    options += ["--implementation", "cp", "--python-version", version, *platforms]
    options += ["--target", str(site), "-r", str(requirements)]
    if subprocess.run([python, "-m", "pip", "install", *options], check=False).returncode:
        raise BuildError(f"pip could not install {requirements} for {version} on {machine()}")


def _platforms(version: str) -> list[str]:
    """Wheel tags that the runtime can load, by its C library.

    Python 3.12 and later run on Amazon Linux 2023 (glibc 2.34), earlier on Amazon Linux 2 (2.26).
    """
    tags = ["2014", "_2_17", "_2_26"]
    if version != "3.11":
        tags += ["_2_28", "_2_34"]
    return [f"manylinux{tag}_{machine()}" for tag in tags]


@guarded
def main(arguments: Sequence[str]) -> int:
    """Build what the arguments name."""
    parser = Parser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("artifacts", type=Path)
    asked = parser.parse_args(arguments)
    build_once(asked.source, asked.artifacts)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
