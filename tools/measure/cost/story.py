"""One of everything, one after the other, with time for all that it sets off."""

from collections.abc import Callable, Generator, Iterator
from random import Random
from typing import Any

from tools.lab.simulation.workload.client import Client
from tools.lab.simulation.workload.registering import PASSWORD
from tools.lab.simulation.workload.scene import Scene
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import ANONYMOUS, Caller

_SETTLED = 300.0
"""Virtual seconds until everything that a request sets off is over."""

Begin = Callable[[str], None]
Step = Generator[Any, None, Answer]


class OneOfEverything:
    """A workload of one actor; *begin* is told what comes next."""

    def __init__(self, world: Any, dice: Random, begin: Begin) -> None:
        self._scene = Scene(world, dice)
        self._begin = begin

    def actors(self) -> list[Iterator[Any]]:
        return [self._act()]

    def epilogue(self) -> list[Iterator[Any]]:
        return []

    def _act(self) -> Iterator[Any]:
        shop, admin = self._scene, self._scene.admin
        price = {"amount": 1_295, "currency": "GBP"}
        tea = {"mnemonic": "TEA", "overview": "A pound of tea.", "price": price}
        cup = tea | {"mnemonic": "CUP", "category": "kitchen", "tags": ["tea"]}
        product = (yield from self._ask(admin, "POST", "/api/v1/products", tea)).data["id"]
        other = (yield from self._ask(admin, "POST", "/api/v2/products", cup)).data["id"]
        rules = "/api/v1/business-rules/order_line"
        rule = {"field": "quantity", "kind": "range", "parameters": {"max": 1_000}}
        made = (yield from self._ask(admin, "POST", rules, rule)).data["id"]
        yield from self._ask(admin, "GET", rules)
        line = {"candidate": {"product_id": product, "quantity": 1}}
        yield from self._ask(admin, "POST", f"{rules}/validate", line)
        yield from self._ask(admin, "POST", f"{rules}/{made}/end")
        stock = {"quantity": 50, "reason": "delivery"}
        for each in (product, other):
            path = f"/api/v1/inventory/{each}/adjustments"
            yield from self._ask(admin, "POST", path, stock)
        known = {"email": "ada@shop.example", "password": PASSWORD}
        nobody = shop.client(ANONYMOUS)
        asked = known | {"name": "Ada Lovelace"}
        user = (yield from self._ask(nobody, "POST", "/api/v1/auth/register", asked)).data["id"]
        session = yield from self._ask(nobody, "POST", "/api/v1/auth/login", known)
        going_on = {"refresh_token": session.data["refresh_token"]}
        yield from self._ask(nobody, "POST", "/api/v1/auth/refresh", going_on)
        mine = shop.client(Caller(user_id=user, session_id=session.data["session_id"]))
        passwords = {"current_password": PASSWORD, "new_password": f"{PASSWORD} again"}
        yield from self._ask(mine, "POST", "/api/v1/users/me/password", passwords)
        me = shop.client(Caller(user_id=user))
        lines = [{"product_id": each, "quantity": 1} for each in (product, other)]
        order = {"lines": lines, "payment_method": "pm_card_visa"}
        placed = yield from self._ask(me, "POST", "/api/v1/orders", order)
        declined = order | {"payment_method": "pm_card_chargeDeclined"}
        yield from self._ask(me, "POST", "/api/v1/orders", declined, name="an order declined")
        short = order | {"lines": [{"product_id": product, "quantity": 900}]}
        yield from self._ask(me, "POST", "/api/v1/orders", short, name="an order out of stock")
        for version in ("v1", "v2"):
            yield from self._ask(nobody, "GET", f"/api/{version}/products/{product}")
            yield from self._ask(nobody, "GET", f"/api/{version}/products")
            changed = {"overview": f"Tea, as {version} has it."}
            yield from self._ask(admin, "PATCH", f"/api/{version}/products/{product}", changed)
        order_id = placed.data["id"]
        for path in (
            f"/api/v1/orders/{order_id}",
            f"/api/v1/orders/{order_id}/history",
            "/api/v1/orders",
            f"/api/v1/payments/{order_id}",
            "/api/v1/notifications",
            "/api/v1/users/me",
            "/api/v1/users/me/sessions",
            f"/api/v1/customers/{user}/summary",
        ):
            yield from self._ask(me, "GET", path)
        yield from self._ask(admin, "GET", f"/api/v1/inventory/{product}")
        yield from self._ask(admin, "GET", "/api/v1/orders/stuck")
        yield from self._ask(me, "POST", f"/api/v1/orders/{order_id}/cancel")
        yield from self._lend(me)
        ended = session.data["session_id"]
        yield from self._ask(me, "DELETE", f"/api/v1/users/me/sessions/{ended}")
        yield from self._ask(nobody, "POST", "/api/v1/auth/logout", going_on)
        yield from self._administer(admin, f"/api/v1/users/{user}")

    def _administer(self, admin: Client, user: str) -> Generator[Any, None, None]:
        """Change what somebody may do, and lock them out and in."""
        roles = {"roles": ["customer", "sales"]}
        yield from self._ask(admin, "PUT", f"{user}/roles", roles)
        yield from self._ask(admin, "PUT", f"{user}/permissions/flag:read")
        yield from self._ask(admin, "DELETE", f"{user}/permissions/order:place")
        yield from self._ask(admin, "GET", f"{user}/permissions")
        yield from self._ask(admin, "GET", user)
        yield from self._ask(admin, "GET", user.rpartition("/")[0])
        for act in ("deactivate", "reactivate"):
            yield from self._ask(admin, "POST", f"{user}/{act}")

    def _lend(self, me: Client) -> Step:
        """Make an API key, look at it and revoke it."""
        wish = {"name": "Import", "scopes": ["order:read"]}
        made = yield from self._ask(me, "POST", "/api/v1/api-keys", wish)
        yield from self._ask(me, "GET", "/api/v1/api-keys")
        return (yield from self._ask(me, "DELETE", f"/api/v1/api-keys/{made.data['id']}"))

    def _ask(
        self, client: Client, method: str, path: str, body: Any = None, *, name: str = ""
    ) -> Step:
        """Send one request, and wait for all that follows."""
        self._begin(name)
        key = f"{method}:{path}:{name}".replace(" ", "-") if method == "POST" else None
        answer = yield from client.once(method, path, body=body, key=key)
        if answer is None or answer.status >= 400:  # noqa: PLR2004
            msg = f"{method} {path} was to succeed: {answer}"
            raise RuntimeError(msg)
        yield _SETTLED
        return answer
