"""What FastAPI imports of OpenTelemetry, as names without a meaning.

FastAPI imports OpenTelemetry's whole API for a telemetry of its own, which this project switches
off (its traces are X-Ray's, docs/adr/0026): a tenth of a cold start, spent on entry points, meters
and propagators that nobody will call (docs/adr/0019). FastAPI itself asks for one thing while it
serves: whether the context holds a request that is being traced. It does not.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_PACKAGE = "opentelemetry"
_NAMES = {
    "_logs": ("Logger", "LoggerProvider", "SeverityNumber"),
    "context": ("Context",),
    "metrics": ("Histogram", "MeterProvider", "UpDownCounter"),
    "propagate": (),
    "propagators": (),
    "propagators.textmap": ("Getter",),
    "trace": ("Span", "SpanKind", "StatusCode", "Tracer", "TracerProvider"),
}


@contextmanager
def silent_telemetry() -> Iterator[None]:
    """Let what is imported in the block find our names, unless OpenTelemetry is loaded already.

    Whoever imports OpenTelemetry after the block gets the real one. A name that FastAPI asks for
    and that is not here is an ``ImportError`` at the cold start, which a test sees first.
    """
    if _PACKAGE in sys.modules:
        yield
        return
    ours = _modules()
    sys.modules.update(ours)
    try:
        yield
    finally:
        for name in ours:
            del sys.modules[name]


def _modules() -> dict[str, ModuleType]:
    found = {_PACKAGE: ModuleType(_PACKAGE)}
    for name, kinds in _NAMES.items():
        path = f"{_PACKAGE}.{name}"
        module = found[path] = ModuleType(path)
        for kind in kinds:
            setattr(module, kind, type(kind, (_Silent,), {}))
        parent, _, child = path.rpartition(".")
        setattr(found[parent], child, module)
    vars(found[f"{_PACKAGE}.context"]).update(create_key=str, get_value=_nothing)
    return found


class _Silent:
    """Stands for a class in annotations, and as a generic base."""

    def __class_getitem__(cls, _: Any) -> type["_Silent"]:
        return cls


def _nothing(_key: str, _context: object = None) -> None:
    return None
