"""The registry of event schemas: ``events/schemas/<type>/<version>.json``."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[2] / "events" / "schemas"
Schema = dict[str, Any]


def registered() -> dict[str, dict[int, Schema]]:
    """Return every schema by event type and version."""
    found: dict[str, dict[int, Schema]] = {}
    for path in sorted(SCHEMAS.glob("*/*.json")):
        schema = json.loads(path.read_text("utf-8"))
        found.setdefault(path.parent.name, {})[int(path.stem)] = schema
    return found


def schema_of(event_type: str, version: int) -> Schema:
    """Return one version's schema."""
    found: Schema = json.loads((SCHEMAS / event_type / f"{version}.json").read_text("utf-8"))
    return found


def check(detail: dict[str, Any]) -> str:
    """Hold *detail*, as JSON carries it, to its own version's schema; return its type."""
    schema = schema_of(detail["type"], detail["schema_version"])
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(schema, format_checker=checker)
    validator.validate(json.loads(json.dumps(detail)))
    return str(detail["type"])
