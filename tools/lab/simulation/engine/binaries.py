"""Bytes, which clients have as bytes, and which travel and are kept in base64."""

import base64
from typing import Any

from tools.lab.simulation.engine.values import bytes_of


def as_sent(value: Any) -> Any:
    """Return what a client passes as it goes over the wire."""
    if isinstance(value, dict):
        return {name: as_sent(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_sent(inner) for inner in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def as_read(value: Any) -> Any:
    """Return what came over the wire, or is kept, as a client has it."""
    if isinstance(value, dict):
        return {
            name: bytes_of(inner) if name == "B" and isinstance(inner, str) else as_read(inner)
            for name, inner in value.items()
        }
    return [as_read(inner) for inner in value] if isinstance(value, list) else value
