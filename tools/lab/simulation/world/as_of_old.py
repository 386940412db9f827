"""What containers do that still run the code from before an event's schema changed.

While a release is rolled out, old and new code work side by side on the same tables. Old code
writes the version of an event that it knew, and refuses to fold a version that it did not know;
of a message from the bus it takes the fields that it knew, as today's code does. The rest of
today's code stands in for the rest of the old.
"""

from collections.abc import Callable, Mapping
from typing import Any

from shared.platform.events.upcasts import UPCASTS
from tools.lab.simulation.world.calls import Call

Attributes = Mapping[str, Any]
_UNKNOWN = "99"
"""A version that no code knows: what a later one is to old code."""


def _without(*names: str) -> Callable[[Attributes], Attributes | None]:
    def before(data: Attributes) -> Attributes:
        return {name: value for name, value in data.items() if name not in names}

    return before


def _only_old_changes(data: Attributes) -> Attributes | None:
    """Old code had no ``category`` and no ``tags`` to change."""
    return None if {"category", "tags"} & data["changes"]["M"].keys() else data


DOWNCASTS: Mapping[tuple[str, int], Callable[[Attributes], Attributes | None]] = {
    ("order.cancelled", 1): _without("paid"),
    ("product.created", 1): _without("category", "tags"),
    ("product.updated", 1): _only_old_changes,
}
"""By (type, version): the data of that version, from the data of the next one in wire form.

``None`` for what the earlier version could not say. A test holds the keys to the upcasts'.
"""


def writes(call: Call) -> bool:
    """Tell whether the call stores an event that old code would have stored differently."""
    return any(_downcast(item) is not None for item in _puts(call))


def written(call: Call) -> Call:
    """Return the call as old code would have made it."""
    actions = []
    for action in call.params["TransactItems"]:
        old = _downcast(action["Put"]["Item"]) if "Put" in action else None
        actions.append(action if old is None else {"Put": {**action["Put"], "Item": old}})
    return call.with_params({**call.params, "TransactItems": actions})


def reads(answer: Any) -> bool:
    """Tell whether an answer holds an event of a version that old code did not know."""
    items = answer.get("Items", ()) if isinstance(answer, dict) else ()
    return any(_is_new(item) for item in items)


def read(answer: Any) -> Any:
    """Return the answer as it looks to old code."""
    items = [
        {**item, "schema_version": {"N": _UNKNOWN}} if _is_new(item) else item
        for item in answer["Items"]
    ]
    return {**answer, "Items": items}


def _puts(call: Call) -> list[Attributes]:
    actions = call.params.get("TransactItems", ())
    return [action["Put"]["Item"] for action in actions if "Put" in action]


def _is_new(item: Attributes) -> bool:
    return _version_before(item) in UPCASTS


def _downcast(item: Attributes) -> Attributes | None:
    earlier = _version_before(item)
    if earlier not in DOWNCASTS:
        return None
    data = DOWNCASTS[earlier](item["data"]["M"])
    if data is None:
        return None
    return {**item, "schema_version": {"N": str(earlier[1])}, "data": {"M": data}}


def _version_before(item: Attributes) -> tuple[str, int]:
    if "schema_version" not in item or "type" not in item:
        return "", 0
    return item["type"]["S"], int(item["schema_version"]["N"]) - 1
