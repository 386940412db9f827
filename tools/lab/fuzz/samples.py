"""Requests that ought to succeed, made from the OpenAPI document alone.

A new route is fuzzed from the day it is in the document. Names that stand for something (a
product's id, an unused e-mail address) are filled in from the scene.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

Document = Mapping[str, Any]


_FORMATS = {
    "date-time": "2026-01-01T12:00:00Z",
    "date": "2026-01-01",
    "email": "ada@example.com",
    "uri": "https://shop.example/",
    "uuid": "0190a000-0000-7000-8000-0000000000b1",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document."""

    function: str
    method: str
    path: str
    parameters: tuple[Mapping[str, Any], ...]
    body: Mapping[str, Any] | None
    body_required: bool
    anonymous: bool

    @property
    def name(self) -> str:
        """What it is called in reports: ``POST /api/v1/orders``."""
        return f"{self.method} {self.path}"


def operations(document: Document) -> list[Operation]:
    """Return every operation of the document."""
    return [
        _operation(document, method, path, found)
        for path, item in document["paths"].items()
        for method, found in item.items()
    ]


def _operation(document: Document, method: str, path: str, found: Mapping[str, Any]) -> Operation:
    content = found.get("requestBody", {}).get("content", {})
    return Operation(
        function=found["x-function"],
        method=method.upper(),
        path=path,
        parameters=tuple(resolved(document, each) for each in found.get("parameters", ())),
        body=content.get("application/json", {}).get("schema"),
        body_required=bool(found.get("requestBody", {}).get("required")),
        anonymous=found["security"] == [] or {} in found["security"],
    )


class Sampler:
    """Makes values for schemas; *known* gives values for the names that need real ones."""

    def __init__(self, document: Document, dice: Random, known: Mapping[str, Any]) -> None:
        self._document = document
        self._dice = dice
        self._known = known

    def value(self, schema: Mapping[str, Any], name: str = "") -> Any:
        """Return a value that fits *schema*: an example where it has one."""
        schema = resolved(self._document, schema)
        if name in self._known:
            return self._known[name]
        choices = schema.get("examples") or schema.get("enum")
        if choices:
            return self._dice.choice(choices)
        for option in schema.get("anyOf", ()) or schema.get("oneOf", ()):
            if option.get("type") != "null":
                return self.value(option, name)
        return self._of_type(schema, name)

    def _of_type(self, schema: Mapping[str, Any], name: str) -> Any:
        match schema.get("type"):
            case "object":
                return self._object(schema)
            case "array":
                item = schema.get("items", {})
                return [self.value(item, name) for _ in range(self._length(schema))]
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return self._dice.choice([True, False])
        kind = schema.get("format", "")
        return schema.get("const") or schema.get("default") or _FORMATS.get(kind, "text")

    def _object(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        required = schema.get("required", ())
        return {
            name: self.value(found, name)
            for name, found in schema.get("properties", {}).items()
            if name in required or self._dice.random() < 0.8
        }

    def _length(self, schema: Mapping[str, Any]) -> int:
        least = schema.get("minItems", 0)
        most = schema.get("maxItems", 2)
        return int(max(least, min(most, self._dice.randint(1, 2))))


def resolved(document: Document, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return *schema*, or what its reference leads to in *document*."""
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema
