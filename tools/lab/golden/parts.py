"""The four things that are kept, each as one JSON document."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tools.check.project import ROOT
from tools.docs.openapi.document import assemble
from tools.docs.openapi.functions import load
from tools.lab.golden.answers import answers
from tools.lab.processes import results
from tools.lab.simulation.trying import try_seed

SEEDS = 200


def _digest(seed: int) -> tuple[int, str]:
    result = try_seed(seed)
    if result.violation is not None:
        raise result.violation
    return seed, f"{result.steps} steps {result.trace.digest()}"


def traces() -> dict[str, str]:
    """Return the digest of each seed's trace: every call, its order, its time, its outcome."""
    return {str(seed): digest for seed, digest in sorted(results(_digest, range(SEEDS)))}


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
