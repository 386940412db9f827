"""A sample of the authorization matrix on the deployed stack: real tokens, the real authorizer."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.platform.access.permissions import Role
from tools.lab.authorization.callers import ANONYMOUS, INVALID, Caller
from tools.lab.authorization.endpoints import Endpoint, endpoints
from tools.lab.authorization.expected import expected
from tools.lab.authorization.requests import request
from tools.lab.authorization.table import Table, View
from tools.lab.authorization.world import about, built
from tools.lab.privileges.symbols import System
from tools.lab.support.shop import Customer, Shop

KNOWN = {"product_id", "order_id"}
CALLERS = (
    ANONYMOUS,
    INVALID,
    Caller("other customer", Role.CUSTOMER),
    Caller("customer", Role.CUSTOMER, is_owner=True),
    Caller("admin", Role.ADMIN),
)


@pytest.fixture(scope="module")
def declared() -> list[Endpoint]:
    """The endpoints that speak of products and orders only, with what they declare.

    Their handlers are imported for that, each in its own environment.
    """
    system = System()
    asyncio.set_event_loop(asyncio.new_event_loop())
    with built(system) as world:
        found = endpoints(system)
        for endpoint in found:
            world.enter(endpoint.function)
            assert endpoint.dependencies is not None
            assert endpoint.success
    asyncio.get_event_loop().close()
    asyncio.set_event_loop(None)
    return [
        each
        for each in found
        if set(_parameters(each.path)) <= KNOWN
        and "/auth/" not in each.path
        and not each.path.endswith("/password")  # theirs is not the sample's
    ]


@pytest.mark.row("PRM-02", "PRM-03", "SEC-09")
def test_everybody_gets_what_the_table_says(
    shop: Shop, product: Callable[..., str], declared: list[Endpoint]
) -> None:
    owner, other, mug = shop.new_customer(), shop.new_customer(), product(stock=1_000)
    people = {"other customer": other, "customer": owner, "admin": shop.admin}

    def order() -> str:
        placed: str = owner.place((mug, 1)).json()["data"]["id"]
        return placed

    paid = order()
    owner.settled(paid)
    wrong, table = [], Table.read()
    for endpoint in declared:
        for caller in CALLERS:
            reads = endpoint.method in ("GET", "HEAD")
            names = {"product_id": mug, "order_id": paid if reads else ""}
            if "{order_id}" in endpoint.path and not reads:
                names["order_id"] = order()  # each request finds it as new
            answer = _send(shop, endpoint, names, people.get(caller.column), caller)
            wanted = expected(
                table, endpoint.name, endpoint.success, caller, _view(table, endpoint, caller)
            ).status
            if answer.status_code != wanted:
                wrong.append(f"{endpoint.name}, {caller.column}: {wanted}, got {answer.text}")
    assert wrong == []
    assert len(declared) >= 15


def _view(table: Table, endpoint: Endpoint, caller: Caller) -> View | None:
    """What is asked for: the owner's order, or a product for everybody."""
    wanted = {"own" if caller.is_owner else "another", "public", "there"}
    views = table.line(endpoint.name).views
    return next((each for each in views if each.visibility in wanted), None)


def _send(
    shop: Shop,
    endpoint: Endpoint,
    names: dict[str, str],
    who: Customer | None,
    caller: Caller,
) -> httpx.Response:
    event = about(request(endpoint, None), names["product_id"])
    body: Any = event.get("body")
    if body and "mnemonic" in json.loads(body):
        free = f"M{uuid4().hex.upper()}"
        body = json.dumps(json.loads(body) | {"mnemonic": free})
    headers = {"content-type": "application/json"} if body else {}
    if who is not None:
        headers["authorization"] = f"Bearer {who.token}"
    elif caller is INVALID:
        headers["authorization"] = "Bearer no.good.token"
    path = endpoint.path
    for name, value in names.items():
        path = path.replace("{" + name + "}", value)
    return shop.http.request(endpoint.method, path, content=body, headers=headers)


def _parameters(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]
