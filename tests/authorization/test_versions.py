"""Whatever has a version sends it as its ETag and takes If-Match: read off the routes themselves.

What has none refuses a condition that it cannot judge; to ignore one is to overwrite somebody.
"""

import json
from collections.abc import Mapping
from typing import Any, get_origin

import pytest
from pydantic import BaseModel

from tools.lab.authorization.endpoints import Endpoint, endpoints
from tools.lab.authorization.matrix import Cell, cells
from tools.lab.authorization.requests import request
from tools.lab.authorization.table import Table
from tools.lab.authorization.world import World, invoke
from tools.lab.privileges.symbols import System

CHANGES = ("POST", "PUT", "PATCH", "DELETE")
NAMES = {each.name: each for each in endpoints(System()) if each.method != "HEAD"}
pytestmark = pytest.mark.row("API-04")


def versioned(model: Any) -> bool:
    """Tell whether an answer is one thing with a version."""
    if not isinstance(model, type) or get_origin(model) or not issubclass(model, BaseModel):
        return False  # a list has none, whatever its items have
    field = model.model_fields.get("version")
    return field is not None and field.annotation is int  # /health has a release's


def told(
    world: World, endpoint: Endpoint, headers: Mapping[str, str]
) -> tuple[dict[str, Any], bool]:
    """Send the sample as somebody who may; return the answer, and whether it wrote anything."""
    cell = next(each for each in cells(endpoint, Table.read(), thorough=False) if welcome(each))
    world.enter(endpoint.function)
    event = request(endpoint, None)
    event["headers"] = {k: v for k, v in event["headers"].items() if k != "if-match"} | dict(
        headers
    )
    if endpoint.protected:
        event["requestContext"]["authorizer"] = {"lambda": dict(cell.caller.word)}
    with cell.caller.at_the_door():
        answer = invoke(world, endpoint.function, event, None)
    _, wrote = world.undo()
    return answer, wrote


def welcome(cell: Cell) -> bool:
    of_the_sample = cell.view is None or cell.view.visibility in ("own", "public", "there")
    return of_the_sample and cell.expected.status == cell.endpoint.success


@pytest.mark.parametrize("name", NAMES)
def test_a_version_is_sent_and_minded(world: World, routes: list[Endpoint], name: str) -> None:
    (endpoint,) = [each for each in routes if each.name == name]
    answer, _ = told(world, endpoint, {})
    assert answer["statusCode"] == endpoint.success
    if versioned(endpoint.route.data_model):
        data = json.loads(answer["body"])["data"]
        # What is put together of several has a version of each; it cannot be changed here.
        assert answer["headers"]["etag"].removesuffix('"').split("-")[0] == f'"{data["version"]}'
    if endpoint.method not in CHANGES:
        return
    changes_one = versioned(endpoint.route.data_model) and endpoint.names_an_object
    assert endpoint.route.takes_if_match is changes_one
    for stale in ('"999"', 'W/"1"', "no tag", '"1", W/"2"' if not changes_one else '"998", "999"'):
        refused, wrote = told(world, endpoint, {"if-match": stale})
        assert (refused["statusCode"], wrote) == (412, False), stale
        assert json.loads(refused["body"])["error"]["code"].endswith(("FAILED", "CHANGED"))
    assert told(world, endpoint, {"if-match": "*"})[0]["statusCode"] == endpoint.success


def test_there_are_things_with_versions(routes: list[Endpoint]) -> None:
    found = {each.name for each in routes if each.route.takes_if_match}
    assert found >= {
        "PATCH /api/v1/products/{product_id}",
        "PATCH /api/v2/products/{product_id}",
        "PUT /api/v1/flags/{name}",
        "POST /api/v1/orders/{order_id}/cancel",
    }
    assert sum(versioned(each.route.data_model) for each in routes) >= 9
