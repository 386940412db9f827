"""A customer: places orders, asks again, cancels, looks."""

from collections.abc import Generator
from typing import Any

from tools.lab.simulation.workload.ports import Actor, Wait
from tools.lab.simulation.workload.registering import join
from tools.lab.simulation.workload.scene import CARDS, Customer, Scene
from tools.lab.support.functions import Answer

ORDERS = "/api/v1/orders"
_ANXIOUS, _LOOKS = 0.12, 8
_LONG = 90_000.0
"""More than the day for which an answer is remembered."""


def customer(scene: Scene, number: int, *, orders: int, patient: bool) -> Actor:
    """Join, wait for the opening, buy *orders* times; a *patient* one comes back a day later."""
    me = yield from join(scene, number)
    while me is not None and not scene.open:
        yield 0.5  # all come when it opens: the rush is the point
    if me is None or not scene.products:
        return
    for turn in range(orders):
        # Keys are the client's own: two customers use the same ones, and so do different routes.
        key = f"key-{turn}" if scene.dice.random() < 0.55 else None
        order_id = yield from _buy(scene, me, key)
        if order_id is not None and scene.variety.random() < _ANXIOUS:
            yield from _await_payment(scene, me, order_id)
        yield scene.dice.choice((0.0, 0.0, 1.0, 10.0, 100.0))
        if order_id is not None and scene.dice.random() < 0.5:
            yield from _cancel(scene, me, order_id, key)
        yield from _look(scene, me)
    if patient:
        yield _LONG
        yield from _buy(scene, me, "key-0")
        for order_id, key in me.cancelled:
            yield from me.client.insist("POST", f"{ORDERS}/{order_id}/cancel", key=key)
        for order_id in me.orders:  # what was bought yesterday, and what was bought just now
            yield from me.client.insist("POST", f"{ORDERS}/{order_id}/cancel", key=None)


def _buy(scene: Scene, me: Customer, key: str | None) -> Generator[Wait, None, str | None]:
    """Place an order in one of the ways there are; return its id if it was heard."""
    dice, body = scene.dice, _wanted(scene)
    card = body["payment_method"]
    if dice.random() < 0.6:
        yield from _rely(me, body, by_total=dice.random() < 0.7)
        yield dice.choice((0.0, 0.5, 5.0))
    if dice.random() < 0.1:
        body.pop("payment_method", None)  # forgotten
    if key is not None and dice.random() < 0.3:
        yield from _twice_at_once(scene, me, key, body)
    answer = yield from me.client.insist("POST", ORDERS, key=key, body=body)
    if answer is not None and answer.status == 409 and answer.code == "PRICE_CHANGED":
        body["expected_total"] = answer.json["error"]["details"]["total"]
        for line in body["lines"]:
            line.pop("product_version", None)
        answer = yield from me.client.insist("POST", ORDERS, key=key, body=body)
    if answer is not None and answer.status == 422 and answer.code == "PAYMENT_METHOD_REQUIRED":
        body["payment_method"] = card  # it is not free, or not any more
        answer = yield from me.client.insist("POST", ORDERS, key=key, body=body)
    order_id = _note(me, answer)
    if key is not None and dice.random() < 0.4:
        yield dice.choice((0.0, 5.0, 300.0))
        again = body if dice.random() < 0.6 else _wanted(scene)
        _note(me, (yield from me.client.insist("POST", ORDERS, key=key, body=again)))
    return order_id


def _await_payment(scene: Scene, me: Customer, order_id: str) -> Actor:
    """Look at an order's payment until it is there, and at what becomes of it."""
    path = f"/api/v1/payments/{order_id}"
    asked = False
    for _ in range(_LOOKS):
        seen = yield from me.client.once("GET", path)
        if seen is not None and seen.status == 200 and not asked:
            asked = True
            yield me.client.start("POST", f"{ORDERS}/{order_id}/cancel")
        yield scene.variety.choice((0.05, 0.1, 0.3))


def _rely(me: Customer, body: dict[str, Any], *, by_total: bool) -> Actor:
    """Look at the products, and order at what was seen of them: the total, or each version.

    Who sees that nothing is due names no payment method.
    """
    total, currency = 0, ""
    for line in body["lines"]:
        seen = yield from me.client.once("GET", f"/api/v1/products/{line['product_id']}")
        if seen is None or seen.status != 200:
            return
        if not by_total:
            line["product_version"] = seen.data["version"]
        total += line["quantity"] * seen.data["price"]["amount"]
        currency = seen.data["price"]["currency"]  # of several the last: it is refused anyway
    if total == 0:
        del body["payment_method"]
    if by_total:
        body["expected_total"] = {"amount": total, "currency": currency}


def _twice_at_once(scene: Scene, me: Customer, key: str, body: Any) -> Actor:
    other = body if scene.dice.random() < 0.7 else _wanted(scene)
    requests = [me.client.start("POST", ORDERS, key=key, body=each) for each in (body, other)]
    for request in requests:
        yield request
        _note(me, request.answer)


def _wanted(scene: Scene) -> dict[str, Any]:
    dice = scene.dice
    products = dice.sample(scene.products, dice.randint(1, len(scene.products)))
    lines = [{"product_id": each, "quantity": dice.randint(1, 3)} for each in products]
    if scene.variety.random() < scene.repeats:
        lines.append({"product_id": scene.variety.choice(products), "quantity": 1})
    return {"lines": lines, "payment_method": dice.choice(CARDS)}


def _note(me: Customer, answer: Answer | None) -> str | None:
    if answer is None or answer.status != 201:
        return None
    order_id: str = answer.data["id"]
    if order_id not in me.orders:
        me.orders.append(order_id)
    return order_id


def _cancel(scene: Scene, me: Customer, order_id: str, key: str | None) -> Actor:
    """Cancel an order: once, twice, twice at once, or, with the same key, another one too."""
    path = f"{ORDERS}/{order_id}/cancel"
    if scene.dice.random() < 0.3:
        requests = [me.client.start("POST", path, key=key) for _ in range(2)]
        yield from requests
    match = yield from _version(scene, me, order_id)
    answer = yield from me.client.insist("POST", path, key=key, match=match)
    if key is not None and answer is not None and answer.status == 200:
        me.cancelled.append((order_id, key))
    if key is not None and scene.dice.random() < 0.4:
        yield from me.client.once("POST", path, key=key)
    others = [each for each in me.orders if each != order_id]
    if others and key is not None and scene.dice.random() < 0.5:
        another = scene.dice.choice(others)
        yield from me.client.once("POST", f"{ORDERS}/{another}/cancel", key=key)


def _version(scene: Scene, me: Customer, order_id: str) -> Generator[Wait, None, int | None]:
    """Return the version of an order that its customer saw a moment ago, if they rely on it."""
    if scene.dice.random() < 0.6:
        return None
    seen = yield from me.client.once("GET", f"{ORDERS}/{order_id}")
    yield scene.dice.choice((0.0, 0.2, 1.0))
    return seen.data["version"] if seen is not None and seen.status == 200 else None


def _look(scene: Scene, me: Customer) -> Actor:
    """Read what there is, somebody else's included."""
    roll = scene.dice.random()
    if not scene.orders() or roll < 0.3:
        return
    _, order_id = scene.dice.choice(scene.orders())
    if roll < 0.5:
        yield from me.client.once("GET", f"{ORDERS}/{order_id}")
    elif roll < 0.6:
        yield from me.client.once("GET", f"{ORDERS}/{order_id}/history")
    elif roll < 0.7:
        yield from me.client.once("GET", f"/api/v1/payments/{order_id}")
    elif roll < 0.8:
        yield from me.client.once("GET", ORDERS, query={"limit": "1"})
    elif roll < 0.9:
        yield from me.client.once("POST", f"{ORDERS}/{order_id}/cancel")
    elif roll < 0.95:
        yield from me.client.once("GET", f"/api/v1/customers/{me.id}/summary")
    else:
        yield from me.client.once("GET", "/api/v1/notifications")
