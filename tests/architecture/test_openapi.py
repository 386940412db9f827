"""The assembled OpenAPI document: complete, valid, with a shape for every answer."""

import asyncio
import json
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import APIRouter
from jsonschema import Draft202012Validator

from shared.platform.http.app import create_app
from shared.platform.access.security import public
from shared.platform.http.middleware.compression import CompressionMiddleware
from shared.platform.http.reply import Reply
from shared.platform.validation.sentences import has_form
from tools.check.project import ROOT
from tools.docs.catalogue import Route
from tools.docs.openapi.document import assemble
from tools.docs.openapi.functions import Endpoint, RouteMismatch, check, load
from tools.docs.openapi.links import add_links
from tools.lab.support import environment

SECRET = re.compile(r"secret|password|api_key|(access|refresh)_token$")
pytestmark = pytest.mark.row("API-05")


@pytest.fixture(scope="module")
def endpoints(_one_event_loop: asyncio.AbstractEventLoop) -> Iterator[list[Endpoint]]:
    asyncio.set_event_loop(_one_event_loop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.environ", dict(environment.FIXED))
        yield load()
    environment.forget_cached()


@pytest.fixture(scope="module")
def document(endpoints: list[Endpoint]) -> dict[str, Any]:
    return assemble(endpoints)


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for item in document["paths"].values() for operation in item.values()]


def test_every_route_of_the_templates_is_in_it(endpoints, document):
    listed = {(e.route.method.lower(), e.route.path) for e in endpoints}
    found = {(method, path) for path, item in document["paths"].items() for method in item}
    assert found == listed
    assert len(found) > 18


def test_its_schemas_are_json_schemas(document):
    assert document["openapi"].startswith("3.1")
    for name, found in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(found)
        assert found.get("properties") or found.get("enum") or found.get("type"), name


def test_every_answer_has_a_shape(document):
    shapeless = []
    for operation in operations(document):
        for status, response in operation["responses"].items():
            if not status.startswith("2"):
                continue
            schema = response["content"]["application/json"]["schema"]
            named = schema.get("$ref", "")
            if not named or named.endswith("Answer_Any_"):
                shapeless.append(operation["operationId"])
    assert shapeless == ["get_jwks"]  # RFC 7517 says how that one looks


def test_every_operation_says_who_what_and_how_it_fails(document):
    ids = [operation["operationId"] for operation in operations(document)]
    assert len(ids) == len(set(ids))
    for operation in operations(document):
        assert operation["summary"]
        assert operation["tags"]
        assert {"400", "500", "503", "504"} <= operation["responses"].keys()
        demands = {"accessToken": []} in operation["security"]
        has_credentials = operation["operationId"] in ("log_in", "refresh_tokens")  # in its body
        assert (demands or has_credentials) == ("401" in operation["responses"])
        if "requestBody" in operation:
            assert {"413", "415", "422"} <= operation["responses"].keys()


def test_a_null_that_is_refused_is_not_offered(document):
    change = document["components"]["schemas"]["UpdateProductV2Body"]
    offered = Draft202012Validator(
        {"$ref": "#/components/schemas/UpdateProductV2Body", "components": document["components"]}
    )
    assert offered.is_valid({})
    for name in ("overview", "is_confidential", "price", "category", "tags"):
        assert name in change["properties"]
        assert not offered.is_valid({name: None}), name


def test_everything_with_an_id_leads_on(document):
    linked = {
        operation["operationId"]: {
            name
            for response in operation["responses"].values()
            for name in response.get("links", ())
        }
        for operation in operations(document)
    }
    assert {"get_order", "cancel_order", "get_order_history", "get_payment"} <= linked[
        "place_order"
    ]
    assert {"get_product", "update_product", "get_stock"} <= linked["create_product"]
    assert {"next_page", "get_product"} <= linked["list_products"]
    assert sum(map(len, linked.values())) > 40


def test_a_handler_that_serves_another_route_is_noticed(endpoints):
    route = endpoints[0].route
    elsewhere = APIRouter()
    elsewhere.add_api_route("/elsewhere", lambda: None, methods=["GET"])
    for app in (SimpleNamespace(routes=[]), SimpleNamespace(routes=elsewhere.routes)):
        with pytest.raises(RouteMismatch, match=route.function):
            check([Endpoint(route, app)])
    with pytest.raises(RouteMismatch, match="another function's route"):
        check([endpoints[0], endpoints[0]])


def test_a_route_that_no_handler_serves_is_noticed(endpoints):
    missing = Route("/api/v1/nothing", "GET", "public", "none", endpoints[0].route.function)
    with pytest.raises(RouteMismatch, match="/api/v1/nothing"):
        check([Endpoint(missing, endpoints[0].app)])


def test_without_ids_there_are_no_links():
    answer = {"content": {"application/json": {"schema": {"type": "object"}}}}
    lonely = {"operationId": "a", "responses": {"200": answer}}
    assert add_links({"paths": {"/a": {"get": lonely}}}) == 0


def patterns(node: Any) -> Iterator[str]:
    """Every regular expression in a part of the document."""
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        for each in node.values():
            yield from patterns(each)
    elif isinstance(node, list):
        for each in node:
            yield from patterns(each)


def test_every_pattern_says_in_words_what_it_asks_for(document):
    shared = document["components"]["parameters"].values()
    own = {each["schema"]["pattern"] for each in shared if "pattern" in each["schema"]}
    found = {*patterns(document)} - own  # those the route itself says
    assert len(found) > 6
    assert [each for each in found if not has_form(each)] == []
    assert not has_form("^planted$")


def lax(endpoints: list[Endpoint]) -> list[str]:
    """The parameters that take a second spelling of a number, a boolean or a moment."""
    found = []
    for endpoint in endpoints:
        for field in parameters(endpoint.app.endpoint.dependant):
            for text in ("5.0", " 5", "+5", "1_0", "yes", "1", "20261201", "2026-12-01"):
                value, errors = field.validate(text, {}, loc=("query", field.alias))
                if not errors and not isinstance(value, str) and str(value) != text:
                    found.append(f"{endpoint.route.path} {field.alias}={text!r}: {value!r}")
    return found


def parameters(dependant: Any) -> Iterator[Any]:
    yield from (*dependant.query_params, *dependant.path_params)
    for each in dependant.dependencies:
        yield from parameters(each)


def test_a_query_has_one_spelling_for_each_value(endpoints):
    assert lax(endpoints) == []


def test_a_lax_parameter_is_noticed(endpoints):
    app = create_app("things")

    @app.get("/planted", dependencies=[public])
    async def endpoint(limit: int = 1, wet: bool = False) -> Reply[None]:
        return Reply(None)

    found = lax([Endpoint(endpoints[0].route, app)])
    assert {each.split()[1] for each in found} >= {"limit='5.0':", "wet='yes':"}


def test_every_change_of_something_offers_an_idempotency_key(document):
    for item in document["paths"].values():
        for method, operation in item.items():
            ways = operation["security"]
            stranger = {"accessToken": []} not in ways  # whose key is a long one
            name = "IdempotencyKeyOfStrangers" if stranger else "IdempotencyKey"
            offered = [each.get("$ref") for each in operation.get("parameters", ())]
            wanted = [f"#/components/parameters/{name}"]
            if {"sessionCookie": []} in ways or {"refreshCookie": []} in ways:
                wanted.append("#/components/parameters/CsrfToken")
            changes = method in ("post", "put", "patch", "delete")
            assert [each for each in offered if each] == (wanted if changes else [])


def test_every_way_to_say_who_is_calling_is_described(document):
    """Where a bearer token will do, so does a cookie: the authorizer looks at both."""
    schemes = document["components"]["securitySchemes"]
    used = {name for each in operations(document) for way in each["security"] for name in way}
    assert used == schemes.keys() == {"accessToken", "sessionCookie", "refreshCookie"}
    for operation in operations(document):
        ways = operation["security"]
        assert ({"accessToken": []} in ways) == ({"sessionCookie": []} in ways)
    by_refresh = [
        each["operationId"]
        for each in operations(document)
        if {"refreshCookie": []} in each["security"]
    ]
    assert sorted(by_refresh) == ["log_out", "refresh_tokens"]


def unconditional(document: dict[str, Any]) -> list[str]:
    """The changes of something that has a version, which cannot name the version they rely on."""
    found = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            of_one = "{" in path and method in ("post", "put", "patch", "delete")
            takes = {each.get("name", "").lower() for each in operation.get("parameters", ())}
            if of_one and "version" in data_of(document, operation) and "if-match" not in takes:
                found.append(f"{method.upper()} {path}")
    return found


def data_of(document: dict[str, Any], operation: dict[str, Any]) -> set[str]:
    """The fields of what an operation answers with."""
    (answer,) = (each for status, each in operation["responses"].items() if status[0] == "2")
    schema = answer["content"]["application/json"]["schema"]
    for step in ("", "data"):
        if step:
            schema = schema.get("properties", {}).get(step, {})
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return {*schema.get("properties", ())}


@pytest.mark.row("API-04")
def test_every_change_of_what_has_a_version_can_name_the_version(document):
    assert unconditional(document) == []
    changed = document["paths"]["/api/v1/flags/{name}"]["put"]
    assert "version" in data_of(document, changed)
    changed = changed | {"parameters": [{"name": "name"}]}
    planted = {"paths": {"/planted/{id}": {"put": changed}}, "components": document["components"]}
    assert unconditional(planted) == ["PUT /planted/{id}"]


@pytest.mark.row("API-04")
def test_every_answer_about_one_thing_with_a_version_has_its_tag():
    answers = json.loads((ROOT / "tests/golden/answers.json").read_text())
    with_version = {
        name: answer["headers"].get("etag")
        for name, answer in answers.items()
        if isinstance(answer["body"], dict)
        and isinstance(answer["body"].get("data"), dict)
        and isinstance(answer["body"]["data"].get("version"), int)
    }
    assert len(with_version) > 5
    assert [name for name, tag in with_version.items() if not tag] == []


def secrets_of(document: dict[str, Any], operation: dict[str, Any]) -> set[str]:
    """The fields of an operation's good answers that hold secrets, by their names."""
    good = [each for status, each in operation["responses"].items() if status.startswith("2")]
    return {name for name in fields_of(document, good) if SECRET.search(name)}


def fields_of(document: dict[str, Any], node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from fields_of(document, each)
    elif isinstance(node, dict):
        if reference := node.get("$ref"):
            name = reference.rpartition("/")[2]
            yield from fields_of(document, document["components"]["schemas"].get(name))
        yield from node.get("properties", {})
        for each in node.values():
            yield from fields_of(document, each)


@pytest.mark.row("SEC-08")
def test_what_answers_a_secret_does_not_compress_it(endpoints, document):
    """Its length would tell of the secret beside what the client sent (BREACH)."""
    secret = {
        operation["x-function"]: names
        for operation in operations(document)
        if (names := secrets_of(document, operation))
    }
    assert secret["identity/log_in"] == {"access_token", "refresh_token"}
    assert secret["identity/refresh_tokens"] == {"access_token", "refresh_token"}
    packing = [
        endpoint.route.function
        for endpoint in endpoints
        if endpoint.route.function in secret and CompressionMiddleware in endpoint.app.chain
    ]
    assert packing == []
