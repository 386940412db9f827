"""What is measured: our functions, and the floor they are measured against."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.build import dependencies_layer, sources
from tools.build.bytecode import compile_tree
from tools.build.target import this_machine
from tools.check.environment import environment_of
from tools.check.project import ROOT

BENCH = Path(__file__).parent
FLOOR = "floor"
PLAIN = "floor as plain `sam build` ships it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One function to measure: its code, what it imports from, and one request."""

    name: str
    paths: tuple[Path, ...]
    environment: dict[str, str]
    event: dict[str, Any]
    compiles_again: bool = False  # no .pyc, and a file system that takes none, as on Lambda


@dataclass(frozen=True, slots=True)
class Built:
    """Where the artifacts of one build are."""

    layer: Path
    shared: Path
    naive: Path
    plain: Path


def build(folder: Path) -> Built:
    """Everything compiled for this interpreter; `BuildError` where that cannot be."""
    os.environ.update(this_machine())
    shutil.rmtree(folder, ignore_errors=True)
    layer_source = ROOT / "layers" / "dependencies"
    dependencies_layer.build_once(layer_source, folder / "layer")
    sources.build(ROOT / "shared", folder / "shared", "python/shared")
    dependencies_layer.install(layer_source / "requirements.txt", folder / "plain" / "python")
    shutil.copytree(folder / "plain", folder / "naive")
    compile_tree(folder / "naive", "/opt")
    return Built(*(folder / name / "python" for name in ("layer", "shared", "naive", "plain")))


def ours(built: Built, folder: Path, handler: Path, **event: str) -> Variant:
    """One of the project's functions on its own layers; *event* names another one's sample."""
    task = folder / "task" / f"{handler.parts[-3]}-{handler.parts[-2]}"
    sources.build(handler.parent, task)
    sample = ROOT / "events" / handler.parts[-3] / f"{handler.parts[-2]}.json"
    return Variant(
        name=handler.parts[-2],
        paths=(task, built.shared, built.layer),
        environment=environment_of(handler),
        event=json.loads(sample.read_text()) | event,
    )


def echo(built: Built, folder: Path, like: Variant) -> Variant:
    """Our runtime around nothing, with the environment of another of our functions."""
    task = folder / "task" / "echo"
    sources.build(BENCH / "ours" / "echo", task)
    return Variant(
        name="echo",
        paths=(task, built.shared, built.layer),
        environment=like.environment,
        event=request("POST", "/items", {"name": "hammer", "quantity": 2}),
    )


def floor(site: Path, folder: Path, route: str, name: str, *, compiled: bool = True) -> Variant:
    """The hand-written function with one route, on the untrimmed packages in *site*."""
    task = folder / "task" / ("floor" if compiled else "plain") / route
    sources.build(BENCH / "floor" / route, task)
    if not compiled:
        shutil.rmtree(task / "__pycache__")
    body = {"name": "hammer", "quantity": 2}
    return Variant(
        name=name,
        paths=(task, site),
        environment=environment_of(ROOT / "functions" / "catalog" / "get_product" / "handler.py")
        | {"POWERTOOLS_SERVICE_NAME": "floor"},
        event=request("GET", "/items/1")
        if route == "get_item"
        else request("POST", "/items", body),
        compiles_again=not compiled,
    )


def request(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """An event of API Gateway's HTTP API, payload 2.0."""
    headers = {"host": "bench", "user-agent": "bench", "accept": "*/*"}
    if body:
        headers["content-type"] = "application/json"
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7"}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "http": http,
            "requestId": "bench",
            "stage": "$default",
            "authorizer": {"lambda": {"kind": "anonymous"}},
        },
        "isBase64Encoded": False,
    }
    return event | ({"body": json.dumps(body)} if body else {})
