"""Sample events: a request as API Gateway sends it, a batch as a queue delivers it."""

import json
from pathlib import Path
from typing import Any

from tools.lab.support.bus_events import bus_event, sqs_batch
from tools.lab.support.http_events import Caller, http_event
from tools.new.wanted import Wanted

_ID = "0190a000-0000-7000-8000-0000000000d1"
_ADMIN = Caller(user_id="0190a000-0000-7000-8000-000000000002", role="admin")


def sample(wanted: Wanted, root: Path) -> dict[str, Any]:
    """Return an event that the function takes."""
    if wanted.route:
        method, path = wanted.route
        values = dict.fromkeys(wanted.parameters, _ID)
        return http_event(
            method,
            path.format(**values),
            caller=_ADMIN,
            path_parameters=values or None,
            route=path,
            request_id=_ID,
        )
    event = bus_event(_detail(wanted.event, root), source=wanted.source)
    return sqs_batch(event, queue=wanted.use_case.replace("_", "-"))


def _detail(event: str, root: Path) -> Any:
    """Return an event of the newest version: every field as small as its schema allows."""
    versions = (root / "events" / "schemas" / event).glob("*.json")
    newest = max(versions, key=lambda path: int(path.stem))
    schema = json.loads(newest.read_text("utf-8"))
    return _example(schema, schema.get("$defs", {}))


def _example(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    found: Any
    match schema:
        case {"$ref": str(name)}:
            found = _example(definitions[name.rpartition("/")[2]], definitions)
        case {"const": found} | {"enum": [found, *_]}:
            pass
        case {"anyOf": [first, *_]} | {"oneOf": [first, *_]}:
            found = _example(first, definitions)
        case {"type": [str(kind), *_]}:
            found = _example({**schema, "type": kind}, definitions)
        case {"type": "array", "items": items}:
            found = [_example(items, definitions)] * max(1, schema.get("minItems", 0))
        case {"type": "integer" | "number"}:
            found = max(1, schema.get("minimum", 1))
        case {"type": "boolean"}:
            found = False
        case {"type": "string"}:
            found = _text(schema)
        case _:
            fields = schema.get("properties", {})
            found = {n: _example(fields[n], definitions) for n in schema.get("required", [])}
    return found


def _text(schema: dict[str, Any]) -> str:
    if schema.get("format") == "date-time":
        return "2026-01-01T00:00:00.000Z"
    return "GBP" if schema.get("maxLength") == len("GBP") else _ID
