"""What a release wrote that is older than the stored data's migrations.

A run may begin in its days: its writes lack what the migrations add. When the code that writes
the new shape is everywhere, somebody runs them, while people go on buying.
"""

from collections.abc import Mapping
from typing import Any

from tools.lab.simulation.world.calls import Call

Attributes = Mapping[str, Any]

_BY_PRICE = _BY_STATUS = frozenset({"GSI3PK", "GSI3SK"})
_LISTED = frozenset({"GSI1PK", "GSI1SK", "email_domain", "sought"})
_GROUPS = frozenset({"category", "tags"})


def written(call: Call) -> Call:
    """Return the call as that release would have made it."""
    actions = call.params.get("TransactItems", ())
    made = [
        {"Put": {**each["Put"], "Item": _as_then(each["Put"]["Item"])}} if "Put" in each else each
        for each in actions
    ]
    return call.with_params({**call.params, "TransactItems": made}) if actions else call


def _as_then(item: Attributes) -> Attributes:
    unknown = _unknown(item)
    return {name: value for name, value in item.items() if name not in unknown}


def _unknown(item: Attributes) -> frozenset[str]:
    """Return which attributes it did not write: groups of products were not there to be named."""
    kind, sk = item["PK"]["S"].partition("#")[0], item["SK"]["S"]
    if kind == "Order" and sk == "STATE":
        return _BY_STATUS
    if kind == "User" and sk == "STATE":
        return _LISTED
    if not (kind == "PRODUCTS" or (kind == "Product" and sk == "STATE")):
        return frozenset()
    grouped = item["category"]["S"] != "uncategorised" or item["tags"]["L"]
    found = frozenset[str]() if grouped else _GROUPS
    return found | _BY_PRICE if kind == "PRODUCTS" else found
