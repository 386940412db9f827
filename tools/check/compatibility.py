"""Whether a new version of an event's schema breaks those who know the one before it.

Two promises. Who was written for version n reads version n + 1: what it was promised is still
there, with values it knows. Who is written for n + 1 reads what was stored as n: an upcast fills
what is new. And a version that was published stays as it is: a change is a new version.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
_WORDS = ("title", "description", "examples", "$comment")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")


def breaks(old: Schema, new: Schema) -> list[str]:
    """Return what a reader of *old* loses with *new*, as ``path: what``; empty if nothing."""
    return sorted(_breaks(_data(old), _data(new), old, new, "data"))


def demands(old: Schema, new: Schema) -> list[str]:
    """Return the fields that *new* requires and *old* did not: an upcast has to fill them."""
    return sorted(_demands(_data(old), _data(new), old, new, "data"))


def fingerprint(schema: Schema) -> str:
    """Return SHA-256 over what *schema* accepts; words for people do not count."""
    canonical = json.dumps(_without_words(schema), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _breaks(old: Schema, new: Schema, a: Schema, b: Schema, path: str) -> Iterator[str]:
    old, new = _resolved(old, a), _resolved(new, b)
    if lost := _types(new) - _types(old):
        yield f"{path}: type changed, may now be {', '.join(sorted(lost))}"
        return
    if "enum" in old and not set(new.get("enum", [None])) <= set(old["enum"]):
        yield f"{path}: has values that nobody knew"
    for limit in (*_LOWER, *_UPPER):
        if limit in old and _wider(limit, old[limit], new.get(limit)):
            yield f"{path}: {limit} is wider"
    if "pattern" in old and new.get("pattern") != old["pattern"]:
        yield f"{path}: pattern changed"
    fields, now = old.get("properties", {}), new.get("properties", {})
    for name in fields:
        here = f"{path}.{name}"
        if name not in now:
            yield f"{here}: removed"
        elif name in old.get("required", ()) and name not in new.get("required", ()):
            yield f"{here}: no longer always there"
        else:
            yield from _breaks(fields[name], now[name], a, b, here)
    if "items" in old and "items" in new:
        yield from _breaks(old["items"], new["items"], a, b, f"{path}[]")


def _demands(old: Schema, new: Schema, a: Schema, b: Schema, path: str) -> Iterator[str]:
    old, new = _resolved(old, a), _resolved(new, b)
    fields, now = old.get("properties", {}), new.get("properties", {})
    for name in new.get("required", ()):
        if name not in old.get("required", ()):
            yield f"{path}.{name}"
    for name in fields.keys() & now.keys():
        yield from _demands(fields[name], now[name], a, b, f"{path}.{name}")
    if "items" in old and "items" in new:
        yield from _demands(old["items"], new["items"], a, b, f"{path}[]")


def _data(schema: Schema) -> Schema:
    found: Schema = schema["properties"]["data"]
    return found


def _resolved(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema


def _types(schema: Schema) -> set[str]:
    """The JSON types that *schema* allows; an integer is a number."""
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return {_NAMES[type(value)] for value in values}
    found = schema.get("type", list(_NAMES.values()))
    return {found} if isinstance(found, str) else set(found)


_NAMES = {
    str: "string", bool: "boolean", int: "integer", float: "number",
    type(None): "null", list: "array", dict: "object",
}  # fmt: skip


def _wider(limit: str, old: int, new: int | None) -> bool:
    if new is None:
        return True
    return new < old if limit in _LOWER else new > old


def _without_words(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {k: _without_words(v) for k, v in schema.items() if k not in _WORDS}
    if isinstance(schema, list):
        return [_without_words(each) for each in schema]
    return schema
