"""Builds the dependencies layer: `dependencies_layer.py SOURCE ARTIFACTS`.

SOURCE holds `requirements.txt` (locked, with hashes) and `botocore-services.txt` (the AWS services that the code calls).
The wheels are the target's (version and machine), whatever this machine is; what no function reads is left out.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

from bytecode import compile_tree
from target import BuildError, interpreter, machine, python_version, with_bytecode

# Never imported by a function. A test imports every handler on what is left, so a name too many here cannot ship.
_UNUSED = (
    "aws_lambda_powertools/event_handler",  # routing is FastAPI's
    "aws_lambda_powertools/utilities/data_masking",
    "aws_lambda_powertools/utilities/kafka",
    "aws_lambda_powertools/utilities/parser",
    "aws_lambda_powertools/utilities/validation",
    "aws_xray_sdk/ext/django",
    "aws_xray_sdk/ext/flask",
    "aws_xray_sdk/ext/sqlalchemy",
    "bin",
    "boto3",  # clients come from botocore's session, 9 ms earlier
    "cffi",  # the compiler half: the bindings need `_cffi_backend` alone
    "dns",  # email-validator's look-ups, which nobody asks for
    "pycparser",
    "pydantic/v1",  # pydantic itself imports it lazily
    "s3transfer",
    "wrapt-stubs",
)
_UNUSED_PATTERNS = ("**/tests", "**/*.pyi", "**/*.c", "**/*.h", "**/*.rst")
# What `importlib.metadata` needs: versions, and the entry points by which OpenTelemetry finds its own context.
_DIST_INFO = ("METADATA", "entry_points.txt")
# Service data that only the documentation generator and the command line read.
_BOTOCORE_UNUSED = ("examples-1", "completions-1")


def build(source: Path, artifacts: Path) -> None:
    site = artifacts / "python"
    install(source / "requirements.txt", site)
    trim(site)
    services = (source / "botocore-services.txt").read_text().split()
    trim_botocore(site / "botocore" / "data", services)
    # Without the sources the layer is a third smaller and each import saves two look-ups; and a runtime of another
    # version stops at the first import instead of compiling everything again, silently, on every cold start.
    compile_tree(artifacts, "/opt", keep_sources=False)


def install(requirements: Path, site: Path) -> None:
    """Unpack the locked wheels for the target platform; hashes are checked, nothing is built from source."""
    version = python_version()
    python = interpreter(version) if with_bytecode() else sys.executable
    # Amazon Linux 2023 (Python 3.12 and later) has glibc 2.34, Amazon Linux 2 has 2.26.
    glibc = ["2014", "_2_17", "_2_26"] + (["_2_28", "_2_34"] if version not in {"3.10", "3.11"} else [])
    platforms = [option for tag in glibc for option in ("--platform", f"manylinux{tag}_{machine()}")]
    done = subprocess.run(  # noqa: S603 (own arguments)
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile",
         "--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation", "cp",
         "--python-version", version, *platforms, "--target", str(site), "-r", str(requirements)],
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise BuildError(f"pip could not install {requirements} for Python {version} on {machine()}")


def trim(site: Path) -> None:
    for pattern in (*_UNUSED, *_UNUSED_PATTERNS):
        for path in list(site.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for info in site.glob("*.dist-info"):
        for path in sorted(info.rglob("*"), reverse=True):
            if path.is_dir():
                path.rmdir()
            elif path.name not in _DIST_INFO or path.parent != info:
                path.unlink()
        metadata = info / "METADATA"
        headers, _, _readme = metadata.read_text().partition("\n\n")
        metadata.write_text(headers + "\n")


def trim_botocore(data: Path, services: list[str]) -> None:
    """Keep the models of `services`, latest version, as plain JSON without documentation: quicker to find and to parse."""
    if not services:
        raise BuildError("botocore-services.txt is empty")
    for service in services:
        if not (data / service).is_dir():
            raise BuildError(f"botocore knows no service {service!r}")
    for path in data.iterdir():
        if path.is_dir() and path.name not in services:
            shutil.rmtree(path)
    for path in sorted(data.rglob("*.json*")):
        name = path.name.split(".json")[0]
        versions = sorted(p.name for p in path.parent.parent.iterdir()) if path.parent != data else []
        if name in _BOTOCORE_UNUSED or (versions and path.parent.name != versions[-1]):
            path.unlink()
            continue
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        lean = json.dumps(_without_documentation(json.loads(raw)), separators=(",", ":"))
        path.unlink()
        path.with_name(f"{name}.json").write_text(lean)


def _without_documentation(node: object) -> object:
    if isinstance(node, dict):
        # A shape may have a member *named* documentation; that one is an object, the text is a string.
        return {
            key: _without_documentation(value)
            for key, value in node.items()
            if key != "documentation" or not isinstance(value, str)
        }
    if isinstance(node, list):
        return [_without_documentation(item) for item in node]
    return node


if __name__ == "__main__":
    try:
        build(Path(sys.argv[1]), Path(sys.argv[2]))
    except BuildError as error:
        sys.exit(f"build stopped: {error}")
