"""JSON as RFC 8259 has it, with every name once: an opinion of its own beside the product's."""

import json
from typing import Any


def read(text: str) -> Any:
    """Return the value; `ValueError` for what is no JSON, for NaN and for a name twice."""
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _no_constant(text: str) -> Any:
    raise ValueError(text)
