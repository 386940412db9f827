"""Why a Python on a machine cannot load a file: made by another one, or for another machine."""

import re
from pathlib import Path

from tools.build.target import MAGIC

MACHINES = {0xB7: "aarch64", 0x3E: "x86_64"}
"""What an ELF file says that it is for (e_machine, System V ABI, chapter 4)."""
_ELF, _LITTLE = b"\x7fELF", 1
_TAGGED = re.compile(r"\.cpython-(\d)(\d+)-")


def misfit(path: Path, version: str, machine: str) -> str | None:
    """Why a Python of *version* on *machine* cannot load a file; None where it can or need not."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        header = file.read(20)
    if path.suffix == ".pyc":
        return _of_bytecode(path.name, header, version)
    if header.startswith(_ELF):
        return _of_library(path.name, header, version, machine)
    return None


def _of_bytecode(name: str, header: bytes, version: str) -> str | None:
    magic = int.from_bytes(header[:2], "little")
    if magic == MAGIC[version]:
        return None
    by = next((f"Python {known}" for known, each in MAGIC.items() if each == magic), "another one")
    return f"{name} was compiled by {by}, and PythonVersion is python{version}"


def _of_library(name: str, header: bytes, version: str, machine: str) -> str | None:
    made_for = int.from_bytes(header[18:20], "little" if header[5] == _LITTLE else "big")
    if (known := MACHINES.get(made_for, f"machine {made_for}")) != machine:
        return f"{name} is for {known}, and Architecture is {machine}"
    tag = _TAGGED.search(name)
    if tag and (tagged := ".".join(tag.groups())) != version:
        return f"{name} is for Python {tagged}, and PythonVersion is python{version}"
    return None
