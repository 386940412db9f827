"""Links between operations, derived: what one answers is what another asks for.

An operation that answers a thing with an ``id``, under ``/api/v1/orders``, leads to all operations
with a path parameter ``order_id``; so does one whose answer has an ``order_id``. Lists lead to the
operations on their first item, and to their own next page.
"""

from collections.abc import Iterator
from typing import Any

Operation = dict[str, Any]

_DATA = "$response.body#/data"


def add_links(document: dict[str, Any]) -> int:
    """Add every link that can be derived to *document*; return how many there are."""
    operations = list(_operations(document))
    count = 0
    for path, source in operations:
        for status, response in source["responses"].items():
            if not status.startswith("2") or "content" not in response:
                continue
            links = dict(_links(document, path, source, response, operations))
            if links:
                response["links"] = links
                count += len(links)
    return count


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, item in document["paths"].items():
        for operation in item.values():
            yield path, operation


def _links(
    document: dict[str, Any],
    path: str,
    source: Operation,
    response: dict[str, Any],
    operations: list[tuple[str, Operation]],
) -> Iterator[tuple[str, dict[str, Any]]]:
    known = dict(_known_values(document, path, source, response))
    for _, target in operations:
        wanted = _parameters(target, "path")
        given = {name: known[name] for name in wanted if name in known}
        if wanted and len(given) == len(wanted) and target is not source:
            yield _link(target, given)
    paged = "next_cursor" in _data_properties(document, response)
    if paged and "cursor" in _parameters(source, "query"):
        own = {name: f"$request.path.{name}" for name in _parameters(source, "path")}
        yield _link(source, {**own, "cursor": f"{_DATA}/next_cursor"}, name="next_page")


def _parameters(operation: Operation, place: str) -> list[str]:
    return [p["name"] for p in operation.get("parameters", ()) if p.get("in") == place]


def _link(
    target: Operation, parameters: dict[str, str], *, name: str | None = None
) -> tuple[str, dict[str, Any]]:
    operation_id = target["operationId"]
    return name or operation_id, {"operationId": operation_id, "parameters": parameters}


def _known_values(
    document: dict[str, Any], path: str, source: Operation, response: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield names of path parameters and the expressions that give their values."""
    asked = _parameters(source, "path")
    for name in asked:
        yield name, f"$request.path.{name}"
    data = _data_properties(document, response)
    found = [*_named(data, _DATA, path)]
    if "items" in data:
        item = _resolved(document, _resolved(document, data["items"]).get("items", {}))
        found += _named(item.get("properties", {}), f"{_DATA}/items/0", path)
    # What the path names is that: the ids in an order's history are not the order's.
    yield from ((name, expression) for name, expression in found if name not in asked)


def _named(properties: dict[str, Any], pointer: str, path: str) -> Iterator[tuple[str, str]]:
    for name in properties:
        if name.endswith("_id"):
            yield name, f"{pointer}/{name}"
        elif name == "id" and (noun := _noun(path)):
            yield f"{noun}_id", f"{pointer}/id"


def _noun(path: str) -> str:
    """Return what a collection's path holds one of: ``/api/v1/orders/{order_id}`` → ``order``.

    Of several collections the last: ``/api/v1/users/me/sessions`` holds sessions.
    """
    names = [part for part in path.split("/") if part and not part.startswith("{")]
    versioned = [i for i, part in enumerate(names) if part[:1] == "v" and part[1:].isdigit()]
    below = names[versioned[0] + 1 :] if versioned else []
    collection = next((part for part in reversed(below) if part.endswith("s")), "")
    return collection.removesuffix("s").replace("-", "_")


def _data_properties(document: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    for media in response["content"].values():
        envelope = _resolved(document, media.get("schema", {})).get("properties", {})
        found = _resolved(document, envelope.get("data", {})).get("properties", {})
        if found:
            return dict(found)
    return {}


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema
