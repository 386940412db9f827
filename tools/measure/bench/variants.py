"""What is measured: our functions, and the floor they are measured against."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.build import layer, sources
from tools.build.bytecode import compile_tree
from tools.build.declared import SHARED, limit_for
from tools.build.opt import Layers, build_all
from tools.build.target import this_machine
from tools.build.weigh import unzipped_size, zipped_size
from tools.check.environment import environment_of
from tools.check.project import ROOT
from tools.lab.support.functions import sample_event
from tools.measure.bench.cases import Case
from tools.measure.bench.recorded import Recorded
from tools.measure.bench.scene import derived
from tools.measure.bench.stub import Exchange

BENCH = Path(__file__).parent
# One of our functions, whose layers and environment those have that are none.
_NEIGHBOUR = ROOT / "functions" / "catalog" / "get_product" / "handler.py"
FLOOR, FLOOR_CREATE, FLOOR_ECHO = "floor", "floor create", "floor echo"
PLAIN = "floor as plain `sam build` ships it"
ECHO = "echo"
_JSON = {"Content-Type": "application/x-amz-json-1.0"}
_ITEM = {"PK": {"S": "Item#1"}, "SK": {"S": "STATE"}, "name": {"S": "hammer"}}
FLOOR_ANSWERS = (
    Exchange("GetItem", "", 200, _JSON, json.dumps({"Item": _ITEM})),
    Exchange("PutItem", "", 200, _JSON, "{}"),
)
"""What the floor's one call hears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One function to measure: its code, what it imports from, and one request."""

    name: str
    paths: tuple[Path, ...]
    environment: dict[str, str]
    event: Callable[[], dict[str, Any]]
    """Made anew for each process: an access token is not good for long."""
    compiles_again: bool = False  # no .pyc, and a file system that takes none, as on Lambda


@dataclass(frozen=True, slots=True)
class Artifact:
    """Bytes of a function's zip, and of all its layers unzipped: what they are and may be."""

    zipped: int
    layers: int
    limit: int


@dataclass(frozen=True, slots=True)
class Built:
    """Where the artifacts of one build are."""

    folder: Path
    layers: Layers
    naive: Path
    plain: Path

    def sizes(self) -> dict[str, int]:
        """Bytes of each layer, unzipped; of `shared` the largest."""
        shared = max(map(unzipped_size, self.layers.shared.values()))
        return {n: unzipped_size(at) for n, at in self.layers.others.items()} | {SHARED: shared}


def build(folder: Path) -> Built:
    """Everything compiled for this interpreter; `BuildError` where that cannot be."""
    os.environ.update(this_machine())
    layers = build_all(folder / "layers")
    layer.install(BENCH / "floor" / "requirements.txt", folder / "plain" / "python")
    shutil.copytree(folder / "plain", folder / "naive")
    compile_tree(folder / "naive", "/opt")
    return Built(folder, layers, folder / "naive" / "python", folder / "plain" / "python")


def ours(built: Built, case: Case, recorded: Recorded) -> tuple[Variant, Artifact]:
    """One of the project's functions on its own layers, and what is uploaded of it."""
    task = built.folder / "task" / case.function
    sources.build(case.handler.parent, task)
    sample = sample_event(case.context, case.use_case)
    variant = Variant(
        name=case.function,
        paths=(task, built.layers.opt(case.handler)),
        environment=environment_of(case.handler) | recorded.variables,
        event=lambda: derived(case.function, sample, recorded.variables),
    )
    weight = sum(map(unzipped_size, built.layers.of(case.handler)))
    return variant, Artifact(zipped_size(task), weight, limit_for(case.handler))


def floors(built: Built) -> list[Variant]:
    """The hand-written functions, and our runtime around nothing."""
    return [
        _floor(built, "get_item", PLAIN, compiled=False),
        _floor(built, "get_item", FLOOR),
        _floor(built, "create_item", FLOOR_CREATE),
        _floor(built, "echo", FLOOR_ECHO),
        _echo(built),
    ]


def _echo(built: Built) -> Variant:
    task = built.folder / "task" / "echo"
    sources.build(BENCH / "ours" / "echo", task)
    return Variant(
        name=ECHO,
        paths=(task, built.layers.opt(_NEIGHBOUR)),
        environment=environment_of(_NEIGHBOUR),
        event=lambda: _request("POST", "/items", {"name": "hammer", "quantity": 2}),
    )


def _floor(built: Built, route: str, name: str, *, compiled: bool = True) -> Variant:
    """The hand-written function with one route, on untrimmed packages."""
    task = built.folder / "task" / ("floor" if compiled else "plain") / route
    sources.build(BENCH / "floor" / route, task)
    if not compiled:
        shutil.rmtree(task / "__pycache__")
    body = {"name": "hammer", "quantity": 2}
    return Variant(
        name=name,
        paths=(task, built.naive if compiled else built.plain),
        environment=environment_of(_NEIGHBOUR) | {"POWERTOOLS_SERVICE_NAME": "floor"},
        event=lambda: (
            _request("GET", "/items/1")
            if route == "get_item"
            else _request("POST", "/items", body)
        ),
        compiles_again=not compiled,
    )


def _request(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
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
