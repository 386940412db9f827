"""For whom a confidential product is not there, nothing tells it from one that does not exist.

The answers about a product that does not exist are what the ones about a confidential one are
held against, at every route whose sample names a product.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.platform.access.permissions import PERMISSIONS_OF, Permission, Role
from tools.lab.authorization.callers import Caller
from tools.lab.authorization.endpoints import Endpoint
from tools.lab.authorization.requests import request
from tools.lab.authorization.world import SECRET, World, about, invoke

pytestmark = pytest.mark.row("PRM-03", "PRM-04", "SEC-09")

NOWHERE = "0190a000-0000-7000-8000-0000000000ee"
_KNOWING = Permission.PRODUCT_READ_CONFIDENTIAL
ADMIN = Caller("admin", Role.ADMIN)
UNKNOWING = (
    Caller("customer", Role.CUSTOMER),
    Caller("all but", Role.CUSTOMER, role_holds=frozenset(Permission) - {_KNOWING}),
)
_OF_THE_REQUEST = re.compile(r'"(?:request_id|timestamp|trace_id)": ?"[^"]*"')

Change = Callable[[dict[str, Any]], None]


def _as_it_is(_: dict[str, Any]) -> None:
    """Send the sample."""


def _at_a_version(event: dict[str, Any]) -> None:
    event["headers"]["if-match"] = '"7"'


def _taken_mnemonic(event: dict[str, Any]) -> None:
    event["body"] = json.dumps(json.loads(event["body"]) | {"mnemonic": "P2"})
    event["headers"]["content-length"] = str(len(event["body"]))


def routes_naming_products(routes: list[Endpoint]) -> Iterator[Endpoint]:
    """Yield the routes whose sample names a product, in path or body."""
    for endpoint in routes:
        sample = request(endpoint, None)
        if about(sample, NOWHERE) != sample:
            yield endpoint


def answer(world: World, endpoint: Endpoint, caller: Caller, product: str, change: Change) -> Any:
    """Return what *caller* hears of *product*, less what every request has of its own."""
    world.enter(endpoint.function)
    event = about(request(endpoint, None), product)
    change(event)
    event["requestContext"]["authorizer"] = {"lambda": dict(caller.word)}
    with caller.at_the_door():
        got = invoke(world, endpoint.function, event)
    world.undo()
    text = _OF_THE_REQUEST.sub("", got["body"]).replace(product, "the product")
    return got["statusCode"], text


@pytest.mark.parametrize("change", [_as_it_is, _at_a_version])
@pytest.mark.parametrize("caller", UNKNOWING, ids=lambda caller: caller.column)
def test_a_confidential_product_is_like_none(
    world: World, routes: list[Endpoint], caller: Caller, change: Change
) -> None:
    asked = list(routes_naming_products(routes))
    assert len(asked) >= 8
    told = [
        endpoint.name
        for endpoint in asked
        if answer(world, endpoint, caller, SECRET, change)
        != answer(world, endpoint, caller, NOWHERE, change)
    ]
    assert told == []


def test_who_knows_of_it_is_told_apart(world: World, routes: list[Endpoint]) -> None:
    """The comparison can fail: to an administrator most routes say different things."""
    told = [
        endpoint.name
        for endpoint in routes_naming_products(routes)
        if answer(world, endpoint, ADMIN, SECRET, _as_it_is)
        != answer(world, endpoint, ADMIN, NOWHERE, _as_it_is)
    ]
    assert len(told) >= 6


@pytest.mark.parametrize("caller", UNKNOWING, ids=lambda caller: caller.column)
def test_a_taken_mnemonic_tells_nothing(
    world: World, routes: list[Endpoint], caller: Caller
) -> None:
    """`P2` is the confidential product's."""
    creating = [each for each in routes if "/create_product" in each.function]
    assert len(creating) == 2
    for endpoint in creating:
        taken = answer(world, endpoint, caller, NOWHERE, _taken_mnemonic)
        assert taken == answer(world, endpoint, caller, NOWHERE, _as_it_is)
        assert answer(world, endpoint, ADMIN, NOWHERE, _taken_mnemonic)[0] == 409


def test_every_role_that_names_products_may_know_of_them_all() -> None:
    """A role that creates or changes products and cannot see them all would be of little use."""
    for held in PERMISSIONS_OF.values():
        names = not held.isdisjoint({Permission.PRODUCT_CREATE, Permission.PRODUCT_UPDATE})
        assert not names or _KNOWING in held
