"""Short stories that happen in order, one after the other, so that their calls can be numbered.

Together they call every endpoint that changes something, every consumer and every relay.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from tools.lab.simulation.workload.lending import KEYS, named
from tools.lab.simulation.workload.looking_back import look_back
from tools.lab.simulation.workload.opening import PRICE, open_shop
from tools.lab.simulation.workload.ports import Actor
from tools.lab.simulation.workload.registering import PASSWORD, join
from tools.lab.simulation.workload.scene import Customer, Scene
from tools.lab.support.http_events import Caller

ORDERS = "/api/v1/orders"
SESSIONS = "/api/v1/users/me/sessions"
RULES = "/api/v1/business-rules/order_line"
_A_WHILE = 30.0
"""Long enough for an order to be paid, where nothing fails."""


class Story:
    """A workload of one actor."""

    def __init__(self, tell: Callable[[Scene], Actor], world: Any, dice: Random) -> None:
        self._scene = Scene(world, dice)
        self._tell = tell

    def actors(self) -> list[Actor]:
        return [self._tell(self._scene)]

    def epilogue(self) -> list[Actor]:
        return [look_back(self._scene)]


def _bought(
    scene: Scene, card: str | None, quantity: int = 1, *, price: int = PRICE, then: Any = None
) -> Actor:
    """Open the shop, join, order; *then* is what the customer does with the order."""
    yield from open_shop(scene, products=1, prices=(price,))
    me = yield from join(scene, 0)
    if me is None or not scene.products:
        return
    lines = [{"product_id": scene.products[0], "quantity": quantity}]
    body = {"lines": lines, "payment_method": card}
    placed = yield from me.client.insist("POST", ORDERS, key="order", body=body)
    if placed is not None and placed.status == 201:
        me.orders.append(placed.data["id"])
        if then is not None:
            yield from then(me, placed.data["id"])


def _paid(scene: Scene) -> Actor:
    return _bought(scene, "pm_card_visa")


def _paid_without_an_answer(scene: Scene) -> Actor:
    return _bought(scene, "pm_card_timeoutAfterCharge")


def _declined(scene: Scene) -> Actor:
    return _bought(scene, "pm_card_chargeDeclined")


def _sold_out(scene: Scene) -> Actor:
    return _bought(scene, "pm_card_visa", 200)  # large enough for the sales team to be notified


def _cancelled_at_once(scene: Scene) -> Actor:
    return _bought(scene, "pm_card_visa", then=_cancel)


def _cancelled_when_paid(scene: Scene) -> Actor:
    def later(me: Customer, order_id: str) -> Actor:
        yield _A_WHILE
        yield from _cancel(me, order_id)

    return _bought(scene, "pm_card_visa", then=later)


def _cancelled_when_given(scene: Scene) -> Actor:
    """Nothing to pay: it completes by its goods alone, and is cancelled without a refund."""

    def later(me: Customer, order_id: str) -> Actor:
        yield _A_WHILE
        yield from _cancel(me, order_id)

    return _bought(scene, None, price=0, then=later)


def _cancel(me: Customer, order_id: str) -> Actor:
    yield from me.client.insist("POST", f"{ORDERS}/{order_id}/cancel", key="cancel")


def _looked_at(scene: Scene) -> Actor:
    def look(me: Customer, order_id: str) -> Actor:
        yield _A_WHILE
        for path in (
            f"{ORDERS}/{order_id}",
            f"{ORDERS}/{order_id}/history",
            ORDERS,
            f"/api/v1/payments/{order_id}",
            "/api/v1/notifications",
            "/api/v1/products",
            f"/api/v1/products/{scene.products[0]}",
            f"/api/v1/inventory/{scene.products[0]}",
        ):
            yield from me.client.once("GET", path)

    return _bought(scene, "pm_card_visa", then=look)


def _kept(scene: Scene) -> Actor:
    """Change a price, list one more product, count stock, and log in."""
    yield from open_shop(scene, products=1, prices=(PRICE,))
    product = scene.products[0]
    price = {"price": {"amount": 1_100, "currency": "EUR"}}
    yield from scene.admin.insist("PATCH", f"/api/v1/products/{product}", key=None, body=price)
    body = {
        "mnemonic": "POT",
        "overview": "A pot.",
        "is_confidential": False,
        "price": {"amount": 500, "currency": "EUR"},
        "category": "things",
        "tags": ["new"],
    }
    made = yield from scene.admin.insist("POST", "/api/v2/products", key="pot", body=body)
    if made is not None and made.status == 201:
        path = f"/api/v2/products/{made.data['id']}"
        yield from scene.admin.insist("PATCH", path, key=None, body={"category": "pots"})
    counted = {"quantity": 2, "reason": "counted"}
    path = f"/api/v1/inventory/{product}/adjustments"
    yield from scene.admin.insist("POST", path, key="counted", body=counted)
    yield from join(scene, 0)
    known = {"email": "customer0@shop.example", "password": PASSWORD}
    yield from scene.client().insist(
        "POST", "/api/v1/auth/login", key="the-owner-logs-in-again", body=known
    )


def _ruled(scene: Scene) -> Actor:
    """Two make rules at once, an order breaks one and another meets both, and one rule ends."""
    yield from open_shop(scene, products=1, prices=(PRICE,))
    few = {"field": "quantity", "kind": "range", "parameters": {"max": 4}}
    even = {"field": "quantity", "kind": "multiple_of", "parameters": 2}
    both = [
        scene.admin.start("POST", RULES, body=rule, key=f"rule-{number}")
        for number, rule in enumerate((few, even))
    ]
    yield from both
    made = None
    for number, rule in enumerate((few, even)):
        made = yield from scene.admin.insist("POST", RULES, body=rule, key=f"rule-{number}")
    line = {"product_id": scene.products[0], "quantity": 6}
    candidate = {"candidate": line}
    yield from scene.admin.insist("POST", f"{RULES}/validate", key=None, body=candidate)
    me = yield from join(scene, 0)
    if me is None:
        return
    for quantity in (6, 2):
        body = {"lines": [line | {"quantity": quantity}], "payment_method": "pm_card_visa"}
        placed = yield from me.client.insist("POST", ORDERS, key=f"order-{quantity}", body=body)
        if placed is not None and placed.status == 201:
            me.orders.append(placed.data["id"])
    if made is not None and made.status == 201:
        path = f"{RULES}/{made.data['id']}/end"
        yield from scene.admin.insist("POST", path, key="end")
    yield from scene.admin.once("GET", RULES)


def _member(scene: Scene) -> Actor:
    """An account's life: sessions and keys begin and end, a new password, the door is shut."""
    me = yield from join(scene, 0)
    if me is None:
        return
    visitor, email, password = scene.client(), "customer0@shop.example", PASSWORD
    tokens = []
    for number in range(3):
        body = {"email": email, "password": password}
        key = f"one-of-many-log-ins-{number}"
        answer = yield from visitor.insist("POST", "/api/v1/auth/login", key=key, body=body)
        if answer is None or answer.status != 200:
            return
        tokens.append(answer.data)
    mine = scene.client(Caller(user_id=me.id, session_id=tokens[0]["session_id"]))
    going_on = {"refresh_token": tokens[0]["refresh_token"]}
    yield from visitor.insist("POST", "/api/v1/auth/refresh", key=None, body=going_on)
    yield from mine.once("GET", SESSIONS)
    ended = f"{SESSIONS}/{tokens[1]['session_id']}"
    yield from mine.insist("DELETE", ended, key="a-lost-phone")
    made = yield from mine.insist("POST", KEYS, key="a-key", body={"name": "Import"})
    yield from mine.once("GET", KEYS)
    for key_id in named(made)[:1]:
        yield from mine.insist("DELETE", f"{KEYS}/{key_id}", key="a-leak")
    leaving = {"refresh_token": tokens[2]["refresh_token"]}
    yield from visitor.insist("POST", "/api/v1/auth/logout", key=None, body=leaving)
    change = {"current_password": password, "new_password": "nine loud badgers before dawn"}
    yield from mine.insist("POST", "/api/v1/users/me/password", key="new-words", body=change)
    rights = f"/api/v1/users/{me.id}/permissions"
    jobs = {"roles": ["customer", "sales"]}
    path = f"/api/v1/users/{me.id}/roles"
    yield from scene.admin.insist("PUT", path, key="another-job-besides", body=jobs)
    yield from scene.admin.insist("PUT", f"{rights}/flag:read", key="may-see-flags")
    yield from scene.admin.insist("DELETE", f"{rights}/order:place", key="buys-no-more")
    yield from scene.admin.once("GET", rights)
    yield from scene.admin.once("GET", f"/api/v1/users/{me.id}")
    yield from scene.admin.once("GET", "/api/v1/users")
    for verb in ("deactivate", "reactivate"):
        path = f"/api/v1/users/{me.id}/{verb}"
        yield from scene.admin.insist("POST", path, key=f"to-{verb}-somebody")


STORIES: Mapping[str, Callable[[Scene], Actor]] = {
    "paid": _paid,
    "paid-without-an-answer": _paid_without_an_answer,
    "declined": _declined,
    "sold-out": _sold_out,
    "cancelled-at-once": _cancelled_at_once,
    "cancelled-when-paid": _cancelled_when_paid,
    "cancelled-when-given": _cancelled_when_given,
    "looked-at": _looked_at,
    "kept": _kept,
    "ruled": _ruled,
    "member": _member,
}
