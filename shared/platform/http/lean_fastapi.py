"""FastAPI, imported without paying for what endpoint functions never use.

FastAPI imports pydantic models of the whole OpenAPI document. Their validators are built on first
use instead of at import (pydantic's public ``defer_build``), which saves about 22 ms of init, and
so are those that FastAPI asks to be rebuilt at once, another 6 ms. Both are put back at once, so
that our own models are still built during init.

``PLAIN_FASTAPI=1`` takes FastAPI as it comes instead, for whoever wants to know whether a fault is
ours: no import is changed, and FastAPI serves the route (`shared.platform.http.route`). It needs
opentelemetry-api, which FastAPI imports and the web layer leaves out.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Nobody brings pydantic plugins; looking for them reads the metadata of every package (2 ms).
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from pydantic import BaseModel  # reads the variable
from pydantic_core import PydanticUndefined

from shared.platform.http.silent_telemetry import silent_telemetry

PLAIN = os.environ.get("PLAIN_FASTAPI") == "1"
"""Whether FastAPI is taken as it comes."""

_as_it_was = BaseModel.__dict__["model_rebuild"]


def _rebuild_for_use(cls: type[BaseModel], /, **how: Any) -> bool | None:
    """Rebuild when pydantic needs the validator (it says how); not because it might be needed."""
    rebuilt: bool | None = _as_it_was.__func__(cls, **how) if how else None
    return rebuilt


@contextmanager
def _lean() -> Iterator[None]:
    """Put off what FastAPI builds while it is imported; everything is as before afterwards."""
    if PLAIN:
        yield
        return
    BaseModel.model_config["defer_build"] = True
    BaseModel.model_rebuild = classmethod(_rebuild_for_use)  # type: ignore[method-assign,assignment]
    try:
        with silent_telemetry():
            yield
    finally:
        del BaseModel.model_config["defer_build"]
        BaseModel.model_rebuild = _as_it_was  # type: ignore[method-assign]


with _lean():
    from fastapi import FastAPI
    from fastapi.dependencies.models import Dependant
    from fastapi.dependencies.utils import solve_dependencies
    from fastapi.exceptions import RequestValidationError
    from fastapi.routing import APIRoute

Undefined = PydanticUndefined
"""What `solve_dependencies` takes for no body at all; ``None`` is JSON's ``null``."""

__all__ = [
    "PLAIN",
    "APIRoute",
    "BaseModel",
    "Dependant",
    "FastAPI",
    "RequestValidationError",
    "Undefined",
    "solve_dependencies",
]
