"""What all contexts publish, put together: events, their versions, and the steps between these."""

import importlib
from collections.abc import Mapping

from shared.kernel.events import Upcast
from tools.check.project import ROOT

_FOUND = {
    path.parent.name: importlib.import_module(f"shared.{path.parent.name}.published")
    for path in sorted((ROOT / "shared").glob("*/published.py"))
}

EVENTS: Mapping[str, Mapping[str, int]] = {
    context: published.EVENTS for context, published in _FOUND.items()
}
"""Context → type → the version that is written today."""

UPCASTS: Mapping[tuple[str, int], Upcast] = {
    step: upcast
    for published in _FOUND.values()
    for step, upcast in getattr(published, "UPCASTS", {}).items()
}
"""By (type, version): the step to the next version."""
