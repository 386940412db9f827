"""Somebody with a token does their work, while an administrator gives and takes their rights."""

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

from tools.lab.simulation.workload.client import Client
from tools.lab.simulation.workload.ports import Actor, Pending, Wait
from tools.lab.simulation.workload.registering import PASSWORD, body_of
from tools.lab.simulation.workload.rotating import publish
from tools.lab.simulation.workload.scene import Scene
from tools.lab.support.http_events import Caller

_EMAIL = "clerk@shop.example"
_RENEWED = 400.0
"""Seconds after which a clerk logs in anew: a token is good for ten minutes."""
_ROLES = (
    ["customer"],
    ["warehouse"],
    ["customer", "warehouse"],
    ["sales"],
    ["support", "customer"],
)
_PERMISSIONS = ("order:place", "order:read", "inventory:read", "inventory:adjust")


def clerk(scene: Scene, *, changes: int) -> Actor:
    """Order, look and count, with whatever right there is; *changes* come in between."""
    while not scene.open:
        yield 0.5
    if not scene.products:
        return
    yield from publish(scene)
    me = yield from _log_in(scene)
    since = scene.shop.clock.now
    for _ in range(changes):
        if me is None or scene.shop.clock.now - since > _RENEWED:
            me, since = (yield from _log_in(scene)), scene.shop.clock.now
        if me is None:
            continue
        works = [scene.variety.choice(_WORK)(scene, me) for _ in range(2)]
        change = _change(scene, me.caller)
        yield from (*works, change)
        yield scene.variety.choice(_WORK)(scene, me)
        yield scene.variety.choice((0.0, 0.1, 5.0, 90.0))


def _log_in(scene: Scene) -> Generator[Wait, None, Client | None]:
    visitor = scene.client()
    body = body_of("Clerk 店", _EMAIL)
    key = "a-clerk-joins-the-shop"
    yield from visitor.insist("POST", "/api/v1/auth/register", key=key, body=body)
    known = {"email": _EMAIL, "password": PASSWORD}
    answer = yield from visitor.insist("POST", "/api/v1/auth/login", key=None, body=known)
    if answer is None or answer.status != 200:
        return None
    given = answer.data
    caller = Caller(user_id=given["user"]["id"], session_id=given["session_id"])
    return replace(scene.client(caller), token=given["access_token"])


def _change(scene: Scene, whose: Any) -> Pending:
    dice, user = scene.variety, f"/api/v1/users/{whose.user_id}"
    if dice.random() < 0.4:
        return scene.admin.start("PUT", f"{user}/roles", body={"roles": dice.choice(_ROLES)})
    permission = dice.choice(_PERMISSIONS)
    method = dice.choice(("PUT", "DELETE"))
    return scene.admin.start(method, f"{user}/permissions/{permission}")


def _order(scene: Scene, me: Client) -> Pending:
    lines = [{"product_id": scene.variety.choice(scene.products), "quantity": 1}]
    body = {"lines": lines, "payment_method": "pm_card_visa"}
    return me.start("POST", "/api/v1/orders", body=body)


def _mine(_: Scene, me: Client) -> Pending:
    return me.start("GET", "/api/v1/orders")


def _stock(scene: Scene, me: Client) -> Pending:
    return me.start("GET", f"/api/v1/inventory/{scene.variety.choice(scene.products)}")


def _count(scene: Scene, me: Client) -> Pending:
    path = f"/api/v1/inventory/{scene.variety.choice(scene.products)}/adjustments"
    return me.start("POST", path, body={"quantity": 1, "reason": "counted"})


_WORK: tuple[Callable[[Scene, Client], Pending], ...] = (_order, _order, _mine, _stock, _count)
