"""What containers do that still run the code from before an event's schema changed.

While a release is rolled out, old and new code work side by side on the same tables. Old code
writes the version of an event that it knew, and refuses to fold a version that it did not know;
of a message from the bus it takes the fields that it knew, as today's code does. The rest of
today's code stands in for the rest of the old.

What is due moved from ``inventory.reserved`` to ``order.reserved`` in two releases (ADR 23), and
a run rolls out one of them: in the first the orders' containers differ, and inventory writes as
it did; in the second inventory's differ. Every other change of a schema is in either.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tools.lab.published import UPCASTS
from tools.lab.simulation.world.calls import Call

Attributes = Mapping[str, Any]
Step = tuple[str, int]
"""Type and version of an event before its schema changed."""
OrderOf = Callable[[str], Attributes]
"""The state item of an order, in wire form."""
Downcast = Callable[[Attributes, OrderOf], Attributes | None]

RELEASES: Mapping[Step, int] = {("order.reserved", 1): 1, ("inventory.reserved", 1): 2}
"""The release that made a step; what stands not here is part of either."""
LATEST = 2
_UNGROUPED = "uncategorised"
_UNKNOWN = "99"
"""A version that no code knows: what a later one is to old code."""


@dataclass(frozen=True, slots=True)
class Code:
    """What a container runs: the code of a *release*, or, *old*, that of the one before."""

    release: int = LATEST
    old: bool = False

    def knows(self, step: Step) -> bool:
        """Tell whether it was written after *step* was made."""
        made = RELEASES.get(step)
        if made is None:
            return not self.old
        return made <= (self.release - 1 if self.old else self.release)


def _without(*names: str) -> Downcast:
    def before(data: Attributes, _: OrderOf) -> Attributes:
        return {name: value for name, value in data.items() if name not in names}

    return before


def _with_terms(data: Attributes, order_of: OrderOf) -> Attributes:
    """Old code handed on what ``order.placed`` had said, which then always named a card."""
    order = order_of(data["order_id"]["S"])
    card = order["payment_method"]
    named = {"S": "pm_card_visa"} if "NULL" in card else card
    return {**data, "total": order["total"], "payment_method": named}


def _only_old_changes(data: Attributes, _: OrderOf) -> Attributes | None:
    """Old code had no ``category`` and no ``tags`` to change."""
    return None if {"category", "tags"} & data["changes"]["M"].keys() else data


def _ungrouped(data: Attributes, order_of: OrderOf) -> Attributes | None:
    """Old code had no route that names a ``category`` or ``tags``."""
    if data["category"]["S"] != _UNGROUPED or data["tags"]["L"]:
        return None
    return _without("category", "tags")(data, order_of)


def _with_a_method(data: Attributes, _: OrderOf) -> Attributes | None:
    """Old code had no order without a payment method."""
    return None if "NULL" in data["payment_method"] else data


DOWNCASTS: Mapping[Step, Downcast] = {
    ("inventory.reserved", 1): _with_terms,
    ("order.cancelled", 1): _without("paid"),
    ("order.cancelled", 2): _without("cancelled_by", "total"),
    ("order.placed", 1): _with_a_method,
    ("order.reserved", 1): _without("customer_id", "total", "payment_method"),
    ("product.created", 1): _ungrouped,
    ("product.updated", 1): _only_old_changes,
}
"""By (type, version): the data of that version, from the data of the next one in wire form.

``None`` for what the earlier version could not say. A test holds the keys to the upcasts'.
"""


def written(call: Call, code: Code, order_of: OrderOf) -> Call | None:
    """Return the call as *code* would have made it; ``None`` where that is no other call."""
    actions = call.params.get("TransactItems", ())
    old = [_put(action, code, order_of) for action in actions]
    if not any(old):
        return None
    made = [then or action for then, action in zip(old, actions, strict=True)]
    return call.with_params({**call.params, "TransactItems": made})


def reads(answer: Any, code: Code) -> bool:
    """Tell whether an answer holds an event of a version that *code* does not know."""
    items = answer.get("Items", ()) if isinstance(answer, dict) else ()
    return any(_is_new(item, code) for item in items)


def read(answer: Any, code: Code) -> Any:
    """Return the answer as it looks to *code*."""
    items = [
        {**item, "schema_version": {"N": _UNKNOWN}} if _is_new(item, code) else item
        for item in answer["Items"]
    ]
    return {**answer, "Items": items}


def _put(action: Attributes, code: Code, order_of: OrderOf) -> Attributes | None:
    item = _downcast(action["Put"]["Item"], code, order_of) if "Put" in action else None
    return None if item is None else {"Put": {**action["Put"], "Item": item}}


def _is_new(item: Attributes, code: Code) -> bool:
    step = _version_before(item)
    return step in UPCASTS and not code.knows(step)


def _downcast(item: Attributes, code: Code, order_of: OrderOf) -> Attributes | None:
    step = _version_before(item)
    if step not in DOWNCASTS or code.knows(step):
        return None
    data = DOWNCASTS[step](item["data"]["M"], order_of)
    if data is None:
        return None
    return {**item, "schema_version": {"N": str(step[1])}, "data": {"M": data}}


def _version_before(item: Attributes) -> Step:
    if "schema_version" not in item or "type" not in item:
        return "", 0
    return item["type"]["S"], int(item["schema_version"]["N"]) - 1
