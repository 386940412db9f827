"""Leaves out of the dependencies layer what no function reads.

A test imports every handler on what is left, so a name too many in these lists cannot ship.
"""

import gzip
import json
import shutil
from pathlib import Path

from tools.build.target import BuildError

_UNUSED = (
    "anyio/_backends/_trio.py",  # the loop is asyncio's
    "anyio/pytest_plugin.py",
    "aws_lambda_powertools/event_handler",  # routing is FastAPI's
    "aws_lambda_powertools/utilities/auth_alpha",
    "aws_lambda_powertools/utilities/batch",
    "aws_lambda_powertools/utilities/circuit_breaker",
    "aws_lambda_powertools/utilities/data_classes",
    "aws_lambda_powertools/utilities/data_masking",
    "aws_lambda_powertools/utilities/idempotency",
    "aws_lambda_powertools/utilities/kafka",
    "aws_lambda_powertools/utilities/metadata",
    "aws_lambda_powertools/utilities/parser",
    "aws_lambda_powertools/utilities/streaming",
    "aws_lambda_powertools/utilities/validation",
    "bin",
    # Our clients come from botocore's session; Powertools' feature flags import boto3 itself.
    "boto3/crt.py",
    "boto3/data",
    "boto3/examples",
    "botocore/crt/auth.py",  # for a C library that is not here
    "botocore/stub.py",
    "cffi",  # the compiler half: bindings need `_cffi_backend` alone
    "cryptography/x509",  # keys come bare, in no certificates
    "dateutil/rrule.py",
    "dateutil/tz/win.py",
    "dateutil/zoneinfo",  # botocore's times are UTC
    "fastapi/.agents",
    "idna",  # imported for host names beyond ASCII, and we call none
    "opentelemetry",  # what FastAPI imports of it has stand-ins (`silent_telemetry`, ADR 19)
    "pycparser",
    "pydantic/experimental",
    "pydantic/mypy.py",
    "pydantic/v1",  # pydantic itself imports it lazily
    # A server of one's own is asked for texts: no fail-over between several, no modules.
    "redis/asyncio/http",
    "redis/asyncio/multidb",
    "redis/auth/idp.py",
    "redis/auth/token_manager.py",
    "redis/background.py",
    "redis/commands/bf",
    "redis/commands/json",
    "redis/commands/search",
    "redis/commands/timeseries",
    "redis/commands/vectorset",
    "redis/data_structure.py",
    "redis/http",
    "redis/multidb",
    "s3transfer/crt.py",
    "s3transfer/processpool.py",
    "starlette/testclient.py",
    "urllib3/contrib/emscripten",
    "urllib3/contrib/pyopenssl.py",
)
_UNUSED_PATTERNS = ("**/tests", "**/*.pyi", "**/*.c", "**/*.h", "**/*.rst")
_DIST_INFO = ("METADATA",)  # what `importlib.metadata` is asked for: versions
# Service data that only documentation and the command line read.
_BOTOCORE_UNUSED = ("examples-1", "completions-1")


def trim(site: Path) -> None:
    """Remove from *site*, a folder of installed packages, what functions do not need."""
    for pattern in (*_UNUSED, *_UNUSED_PATTERNS):
        for path in list(site.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    for info in site.glob("*.dist-info"):
        for path in sorted(info.rglob("*"), reverse=True):
            if path.is_dir():
                path.rmdir()
            elif path.name not in _DIST_INFO or path.parent != info:
                path.unlink()
        metadata = info / "METADATA"
        headers, _, _readme = metadata.read_text(encoding="utf-8").partition("\n\n")
        metadata.write_text(headers + "\n", encoding="utf-8")


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
