"""Administrators: count stock, change prices, hide products, list new ones, cancel orders."""

from collections.abc import Callable
from typing import Any

from tools.lab.simulation.workload.ports import Actor
from tools.lab.simulation.workload.scene import Scene


def keeper(scene: Scene, number: int, *, deeds: int) -> Actor:
    """Do *deeds* things a shop keeper does, some with a colleague doing the same."""
    while not scene.open:
        yield 0.5
    for turn in range(deeds):
        if not scene.products:
            return
        yield from scene.dice.choice(_DEEDS)(scene, f"{number}-{turn}")
        yield scene.dice.choice((0.0, 1.0, 20.0))


def _adjust(scene: Scene, turn: str) -> Actor:
    product = scene.dice.choice(scene.products)
    body = {"quantity": scene.dice.choice((-3, -1, 1, 2, 4)), "reason": "counted"}
    path = f"/api/v1/inventory/{product}/adjustments"
    clients = (scene.admin, scene.merchandiser)
    if scene.dice.random() < 0.5:
        # The same key from two people is two keys.
        requests = [client.start("POST", path, body=body, key=turn) for client in clients]
        yield from requests
        return
    client = scene.dice.choice(clients)
    key = turn if scene.dice.random() < 0.5 else None
    yield from client.insist("POST", path, body=body, key=key)
    if scene.dice.random() < 0.2:
        yield from client.once("GET", f"/api/v1/inventory/{product}")


def _clear_out(scene: Scene, turn: str) -> Actor:
    """Write off everything that is on offer, while customers order it."""
    product = scene.dice.choice(scene.products)
    path = f"/api/v1/inventory/{product}"
    for _ in range(3):
        seen = yield from scene.admin.once("GET", path)
        if seen is None or seen.status != 200 or not seen.data["available"]:
            return
        body = {"quantity": -seen.data["available"], "reason": "spoiled"}
        yield from scene.admin.once("POST", f"{path}/adjustments", body=body)
        body = {"quantity": scene.dice.randint(1, 4), "reason": "delivery"}
        yield from scene.admin.once("POST", f"{path}/adjustments", body=body)


def _reprice(scene: Scene, turn: str) -> Actor:
    path = f"/api/v1/products/{scene.dice.choice(scene.products)}"
    seen = yield from scene.admin.once("GET", path)
    match = seen.data["version"] if seen is not None and seen.status == 200 else None
    requests = [
        scene.admin.start("PATCH", path, body=_price(scene), match=match)
        for _ in range(scene.dice.choice((1, 2)))
    ]
    yield from requests


def _price(scene: Scene) -> dict[str, Any]:
    return {"price": {"amount": scene.dice.randint(800, 1_200), "currency": "EUR"}}


def _hide(scene: Scene, turn: str) -> Actor:
    path = f"/api/v1/products/{scene.dice.choice(scene.products)}"
    for hidden in scene.dice.choice(((True, False), (True, False), (True,))):
        yield from scene.admin.insist("PATCH", path, key=None, body={"is_confidential": hidden})


def _create(scene: Scene, turn: str) -> Actor:
    """List a product that a colleague lists at the same time."""
    body = {
        "mnemonic": scene.dice.choice(("CUP", "POT")),
        "overview": f"Wie in {turn} geführt: 15 €.",
        "is_confidential": scene.dice.random() < 0.3,
        "price": {"amount": 500, "currency": "EUR"},
    }
    key = f"new-{turn}" if scene.dice.random() < 0.7 else None
    requests = [
        client.start("POST", "/api/v1/products", body=body, key=key)
        for client in (scene.admin, scene.merchandiser)
    ]
    yield from requests


def _call_off(scene: Scene, turn: str) -> Actor:
    orders = scene.orders()
    if orders:
        _, order_id = scene.dice.choice(orders)
        body = {"reason": "Höhere Gewalt: 停電."}
        yield from scene.admin.insist(
            "POST", f"/api/v1/orders/{order_id}/cancel", body=body, key=f"off-{turn}"
        )


_DEEDS: tuple[Callable[[Scene, str], Actor], ...] = (
    _adjust,
    _adjust,
    _clear_out,
    _clear_out,
    _reprice,
    _reprice,
    _create,
    _hide,
    _call_off,
)
