"""Builds the dependencies layer: `SOURCE ARTIFACTS`.

SOURCE holds `requirements.txt` (locked, with hashes) and `botocore-services.txt` (the AWS services
that the code calls). The wheels are the target's, version and machine, whatever this machine is.
"""

import contextlib
import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.build.bytecode import compile_tree
from tools.build.target import BuildError, interpreter, machine, python_version, with_bytecode
from tools.build.trim import trim, trim_botocore
from tools.entry.guard import guarded

WORDY = ("aws_lambda_powertools", "boto3", "botocore", "pydantic", "redis", "s3transfer")
"""Packages whose docstrings are manuals, and that rely on no assertion."""

_BUILT = Path(__file__).resolve().parents[2] / ".aws-sam" / "dependencies"


def build_once(source: Path, artifacts: Path) -> None:
    """Put the layer into *artifacts*, built now or kept from an earlier build of the same inputs.

    Every service declares this layer, so one `sam build` of the root asks for it once per service
    and at the same time.
    """
    built = _BUILT / _key(source)
    with _locked(_BUILT):
        if not built.exists():
            unfinished = _BUILT / "unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            build(source, unfinished)
            unfinished.rename(built)
    shutil.copytree(built, artifacts, dirs_exist_ok=True)


def _key(source: Path) -> str:
    """Changes whenever the layer would: with the target, the lists, and the code that builds."""
    inputs = [source / "requirements.txt", source / "botocore-services.txt"]
    inputs += sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256(f"{python_version()} {machine()} {with_bytecode()}".encode())
    for path in inputs:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(source: Path, artifacts: Path) -> None:
    """Install, trim, compile; `BuildError` says what stopped it."""
    site = artifacts / "python"
    install(source / "requirements.txt", site)
    trim(site)
    services = (source / "botocore-services.txt").read_text().split()
    trim_botocore(site / "botocore" / "data", services)
    # Without the sources the layer is a fifth smaller, and a runtime of another version stops at
    # its first import instead of compiling everything again, silently, on every cold start.
    for package in WORDY:
        folder = f"/opt/python/{package}"
        compile_tree(site / package, folder, keep_sources=False, docstrings=False)
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
def main() -> int:
    """Build what the arguments name."""
    build_once(Path(sys.argv[1]), Path(sys.argv[2]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
