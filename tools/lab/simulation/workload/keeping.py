"""Administrators: count stock, change prices, hide products, list new ones, cancel orders."""

from collections.abc import Callable
from typing import Any

from tools.lab.simulation.workload.ports import Actor
from tools.lab.simulation.workload.scene import Scene

_RULES = "/api/v1/business-rules/order_line"
_GROUPED = "/api/v2/products"


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
    product = scene.dice.choice(scene.products)
    path = f"/api/v1/products/{product}"
    seen = yield from scene.admin.once("GET", path)
    match = seen.data["version"] if seen is not None and seen.status == 200 else None
    requests = [
        scene.admin.start("PATCH", path, body=_price(scene, product), match=match)
        for _ in range(scene.dice.choice((1, 2)))
    ]
    yield from requests


def _price(scene: Scene, product: str) -> dict[str, Any]:
    return {"price": scene.price(product, scene.dice.randint(800, 1_200))}


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


def _rule(scene: Scene, turn: str) -> Actor:
    """Make a rule about order lines, try it, and sometimes end it while customers order."""
    bound = scene.dice.choice(
        (("range", {"max": 2}), ("range", {"max": 3}), ("multiple_of", 2), ("range", {"max": 9}))
    )
    rule = {"field": "quantity", "kind": bound[0], "parameters": bound[1]}
    key = f"rule-{turn}" if scene.dice.random() < 0.7 else None
    made = yield from scene.admin.insist("POST", _RULES, body=rule, key=key)
    line = {"product_id": scene.dice.choice(scene.products), "quantity": 3}
    yield from scene.admin.once("POST", f"{_RULES}/validate", body={"candidate": line})
    yield scene.dice.choice((0.0, 5.0))
    yield from scene.admin.once("GET", _RULES)
    if made is not None and made.status == 201 and scene.dice.random() < 0.8:
        path = f"{_RULES}/{made.data['id']}/end"
        yield from scene.admin.insist("POST", path, key=f"end-{turn}")


def _group(scene: Scene, turn: str) -> Actor:
    """Group products in the second version of the API, and look at them there."""
    body = {
        "mnemonic": scene.dice.choice(("CUP", "POT", f"JAR_{turn.replace('-', '_')}")),
        "overview": f"Käännös: as listed in {turn}.",
        "is_confidential": scene.dice.random() < 0.3,
        "price": scene.dice.choice(
            ({"amount": 500, "currency": "EUR"}, {"amount": 700, "currency": "GBP"})
        ),
        "category": scene.dice.choice(("cups", "pots")),
        "tags": ["new", "used"],
    }
    key = f"group-{turn}" if scene.dice.random() < 0.7 else None
    made = yield from scene.merchandiser.insist("POST", _GROUPED, key=key, body=body)
    product = scene.dice.choice(scene.products)
    if made is not None and made.status == 201 and scene.dice.random() < 0.5:
        product = made.data["id"]
    seen = yield from scene.admin.once("GET", f"{_GROUPED}/{product}")
    match = seen.data["version"] if seen is not None and seen.status == 200 else None
    changed = {"category": scene.dice.choice(("cups", "pots")), "tags": ["old"]}
    yield from scene.merchandiser.once("PATCH", f"{_GROUPED}/{product}", body=changed, match=match)
    wanted = scene.dice.choice(
        ({"category": "cups"}, {"currency": "EUR", "sort": "price"}, {"tag": "new"})
    )
    yield from scene.client().once("GET", _GROUPED, query=wanted)


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
    _rule,
    _group,
)
