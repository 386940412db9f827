"""The runtime that is built for, and an interpreter of exactly its version on this machine.

Standard library only, like everything that `sam build` runs: any Python of 3.11 or later does.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path

from tools.entry.guard import ToolError

# The first two bytes of a .pyc, little-endian: what the final release of each version reads and
# writes (CPython, Include/internal/pycore_magic_number.h).
MAGIC = {"3.11": 3495, "3.12": 3531, "3.13": 3571, "3.14": 3627}
PLATFORM = {"arm64": "aarch64", "x86_64": "x86_64"}

NO_BYTECODE = "TRADEWIND_NO_BYTECODE"


class BuildError(ToolError):
    """What stopped the build and what to do about it, in one message."""


def python_version() -> str:
    """Major and minor version of the target runtime, such as 3.13."""
    version = os.environ.get("TRADEWIND_PYTHON", "3.13").removeprefix("python")
    if version not in MAGIC:
        raise BuildError(f"TRADEWIND_PYTHON={version}: this build knows {', '.join(MAGIC)}")
    return version


def architecture() -> str:
    """The target's machine name as Lambda spells it."""
    named = os.environ.get("TRADEWIND_ARCH", "arm64")
    if named not in PLATFORM:
        raise BuildError(f"TRADEWIND_ARCH={named}: Lambda knows {', '.join(PLATFORM)}")
    return named


def machine() -> str:
    """The target's machine name as wheels spell it."""
    return PLATFORM[architecture()]


def with_bytecode() -> bool:
    return os.environ.get(NO_BYTECODE, "") not in {"1", "true"}


def target() -> str:
    """What is built for, in one line: what the same sources are compiled into depends on it."""
    return f"{python_version()} {machine()} {'compiled' if with_bytecode() else 'as sources'}"


def interpreter(version: str) -> str:
    """The path of a CPython whose bytecode the target runtime reads; `BuildError` if none."""
    for candidate in _candidates(version):
        if _magic_of(candidate) == MAGIC[version]:
            return candidate
    raise BuildError(
        f"no Python {version} on this machine, and only {version} writes bytecode that the "
        f"{version} runtime reads.\n"
        f"Install it (uv python install {version}, or pyenv install {version}), or build for a "
        f"version you have, such as:\n"
        f"  TRADEWIND_PYTHON=3.12 sam build --parameter-overrides PythonVersion=python3.12\n"
        f"or accept cold starts two to three times as long: {NO_BYTECODE}=1"
    )


def _candidates(version: str) -> list[str]:
    found = [sys.executable, shutil.which(f"python{version}")]
    if uv := shutil.which("uv"):
        found.append(_output(uv, "python", "find", version))
    # Also those that are installed but not on the PATH, or only as a shim that is switched off.
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found += sorted(map(str, pyenv.glob(f"versions/{version}*/bin/python")))
    return [path for path in found if path]


@cache
def _magic_of(python: str) -> int:
    code = "import importlib.util as u; print(int.from_bytes(u.MAGIC_NUMBER[:2], 'little'))"
    return int(_output(python, "-c", code) or -1)


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def this_machine() -> dict[str, str]:
    """The environment that makes the interpreter and the machine at hand the target.

    `BuildError` where Lambda has no such runtime.
    """
    version = "{}.{}".format(*sys.version_info)
    machine = sysconfig.get_platform().partition("-")[2]
    architectures = [name for name, wheels in PLATFORM.items() if wheels == machine]
    if not sys.platform.startswith("linux") or version not in MAGIC or not architectures:
        raise BuildError(f"Lambda does not run {version} on {sysconfig.get_platform()}")
    return {"TRADEWIND_PYTHON": version, "TRADEWIND_ARCH": architectures[0]}
