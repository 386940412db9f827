"""Messages that nobody can handle: on the queues, and on the bus in the form of our events."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

from tools.lab.simulation.workload.ports import Actor
from tools.lab.simulation.workload.scene import Scene

MARK = "poison"
"""Is in every such message, and in no other."""

_NOBODY = "0190a000-0000-7000-8000-0000000000ff"


def poisoner(scene: Scene, queues: Sequence[str], *, messages: int) -> Actor:
    """Send *messages* of them, now and then."""
    for number in range(messages):
        yield scene.dice.uniform(0, 60)
        if scene.dice.random() < 0.5:
            queue = scene.dice.choice(queues)
            scene.shop.send(queue, _garbage(scene.dice, number))
        else:
            source, event = _misfit(scene.dice, number)
            scene.shop.put_event(source, event["type"], event)


def _garbage(dice: Random, number: int) -> str:
    name = f"{MARK}-{number}"
    return dice.choice(
        (
            name,
            json.dumps([name]),
            json.dumps({"detail": name}),
            json.dumps({"detail": {"id": name, "type": "order.placed"}}),
            json.dumps({"detail": _event("nobody.listens", name, {})}),
        )
    )


def _misfit(dice: Random, number: int) -> tuple[str, dict[str, Any]]:
    """Return an event that rules match, of an order that does not exist or without its data."""
    name = f"{MARK}-{number}"
    return dice.choice(
        (
            ("tradewind.orders", _event("order.placed", name, {"order_id": name, "lines": []})),
            (
                "tradewind.orders",
                _event("order.reserved", name, {"order_id": name, "total": 3}, version=2),
            ),
            ("tradewind.inventory", _event("inventory.reserved", name, {"total": 3})),
            (
                "tradewind.payments",
                _event("payment.succeeded", name, {"order_id": _NOBODY, "payment_id": name}),
            ),
            ("tradewind.payments", _event("payment.failed", name, {"order_id": None})),
            ("tradewind.identity", _event("user.registered", name, {"email": "no"})),
        )
    )


def _event(
    event_type: str, name: str, data: dict[str, Any], *, version: int = 1
) -> dict[str, Any]:
    return {
        "id": name,
        "type": event_type,
        "schema_version": version,
        "aggregate": {"type": "Poison", "id": name, "version": 1},
        "occurred_at": "2026-01-01T00:00:00.000Z",
        "actor": None,
        "request_id": name,
        "correlation_id": name,
        "causation_id": None,
        "trace": None,
        "data": data,
    }
