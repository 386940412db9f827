"""The four things that are kept, each as one JSON document."""

import json
import multiprocessing
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from types import MappingProxyType
from typing import Any

from tools.check.project import ROOT
from tools.docs.openapi.document import assemble
from tools.docs.openapi.functions import load
from tools.lab.golden.answers import answers
from tools.lab.simulation.trying import try_seed

SEEDS = 200


def _digest(seed: int) -> str:
    result = try_seed(seed)
    if result.violation is not None:
        raise result.violation
    return f"{result.steps} steps {result.trace.digest()}"


def traces() -> dict[str, str]:
    """Return the digest of each seed's trace: every call, its order, its time, its outcome."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        return dict(zip(map(str, range(SEEDS)), pool.map(_digest, range(SEEDS)), strict=True))


def schemas() -> dict[str, Any]:
    """Return the JSON Schema of every version of every published event."""
    folder = ROOT / "events" / "schemas"
    return {
        path.relative_to(folder).as_posix(): json.loads(path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.json"))
    }


def openapi() -> dict[str, Any]:
    """Return the OpenAPI document of the whole API."""
    return assemble(load())


PARTS: Mapping[str, Callable[[], Mapping[str, Any]]] = MappingProxyType(
    {"answers": answers, "openapi": openapi, "schemas": schemas, "traces": traces}
)
