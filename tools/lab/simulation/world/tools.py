"""Tools that operators run on machines of their own, as functions of this world."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from tools.lab.simulation.world.templates import FunctionSpec, deployed
from tools.operate import rebuild as rebuilding

REBUILD = "operators.rebuild"

_PROJECTOR = "customers.project_customer_summary"
_AN_HOUR = 3_600.0


def tools() -> list[tuple[FunctionSpec, SimpleNamespace]]:
    """Return what each finds around it, and its code: a module with a handler."""
    environment = deployed().functions[_PROJECTOR].environment
    spec = FunctionSpec(
        name=REBUILD, context="operators", environment=environment, timeout=_AN_HOUR
    )
    return [(spec, SimpleNamespace(handler=_rebuild))]


def _rebuild(event: Mapping[str, Any], _: Any) -> dict[str, Any]:
    """Rebuild customers' summaries, or give up a rebuild that was interrupted."""
    from shared.platform.aws.clients import dynamodb  # noqa: PLC0415  # in the container's region

    if event.get("abandon"):
        return {"removed": rebuilding.abandon(dynamodb(), "customers")}
    done = rebuilding.rebuild(dynamodb(), "orders", "customers")
    return {"generation": done.generation, "events": done.events, "removed": done.removed}
