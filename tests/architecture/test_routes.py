"""Every route is the template's, and says who may call it."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tools.check.child import ask
from tools.check.project import (
    answers_the_rest,
    declared_handlers,
    functions_of,
    template_paths,
)
from tools.check.routes_child import rules
from tools.local.templates import load_template

CATCH_ALL = "$default"
"""The route of what no route matches; its function answers 404 or 405 in the envelope."""


def declared() -> list[tuple[Path, dict[str, Any]]]:
    """Handler and HttpApi event of every endpoint in the templates."""
    found = []
    for path in template_paths():
        handler_of = declared_handlers(path)
        for name, properties in functions_of(load_template(path)).items():
            found += [
                (handler_of[name], event["Properties"])
                for event in properties.get("Events", {}).values()
                if event["Type"] == "HttpApi" and event["Properties"]["Path"] != CATCH_ALL
            ]
    return found


ENDPOINTS = declared()

endpoint = pytest.mark.parametrize(
    ("handler", "event"), ENDPOINTS, ids=[f"{e['Method']} {e['Path']}" for _, e in ENDPOINTS]
)


@cache
def routes_of(handler: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask("routes_child.py", handler)
    return found


def test_there_are_endpoints_to_look_at() -> None:
    assert len(ENDPOINTS) > 10


@endpoint
def test_a_function_serves_the_route_of_its_template(handler: Path, event: dict[str, Any]) -> None:
    served = {(route["method"], route["path"]) for route in routes_of(handler)}
    assert (event["Method"].upper(), event["Path"]) in served
    of_its_template = {(e["Method"].upper(), e["Path"]) for h, e in ENDPOINTS if h == handler}
    assert served == of_its_template


def test_head_is_answered_wherever_get_is_and_nowhere_else() -> None:
    """RFC 9110 §9.1: both must be supported; what knows only GET must not find out by a 404."""
    paths = {
        method: {event["Path"] for _, event in ENDPOINTS if event["Method"].upper() == method}
        for method in ("GET", "HEAD")
    }
    assert paths["HEAD"] == paths["GET"]
    assert len(paths["GET"]) > 10
    public = {
        (event["Path"], str(event.get("Auth")))
        for _, event in ENDPOINTS
        if event["Method"].upper() in ("GET", "HEAD")
    }
    assert len(public) == len(paths["GET"])  # one authorizer for both


def test_what_no_route_matches_is_answered_from_the_routes_of_its_api() -> None:
    """The list in a function's environment is the API's, whoever wrote it down."""
    for path in template_paths():
        functions = functions_of(load_template(path)).values()
        events = [
            event["Properties"]
            for properties in functions
            for event in properties.get("Events", {}).values()
            if event["Type"] == "HttpApi"
        ]
        declared = {
            (method.upper(), each["Path"])
            for each in events
            for method in [each["Method"]]
            if each["Path"] != CATCH_ALL
        }
        listed = [
            properties["Environment"]["Variables"]["ROUTES"].split()
            for properties in functions
            if answers_the_rest(properties["CodeUri"].strip("/"))
        ]
        told = {
            (method, where)
            for words in listed
            for methods, where in zip(words[::2], words[1::2], strict=True)
            for method in methods.split(",")
        }
        assert told == declared, path


@pytest.mark.row("PRM-02")
@endpoint
def test_a_route_declares_exactly_one_rule(handler: Path, event: dict[str, Any]) -> None:
    for route in routes_of(handler):
        assert len(route["access"]) == 1, route


@pytest.mark.row("PRM-02")
@endpoint
def test_a_route_without_authorizer_is_public_in_the_code(
    handler: Path, event: dict[str, Any]
) -> None:
    if event.get("Auth", {}).get("Authorizer") == "NONE":
        assert next(route["access"] for route in routes_of(handler)) == [["public"]]


def test_no_two_endpoints_answer_the_same_request() -> None:
    routes = [(event["Method"].upper(), event["Path"]) for _, event in ENDPOINTS]
    assert len(routes) == len(set(routes))


def test_a_route_without_a_rule_is_noticed() -> None:
    async def anything() -> None: ...

    assert rules(SimpleNamespace(call=anything, dependencies=[])) == []


def test_every_api_has_one_function_for_what_no_route_matches_and_for_nothing_else() -> None:
    for path in template_paths():
        template = load_template(path)
        apis = [
            r for r in template["Resources"].values() if r["Type"] == "AWS::Serverless::HttpApi"
        ]
        catchers = [
            properties
            for properties in functions_of(template).values()
            if any(
                event["Type"] == "HttpApi" and event["Properties"]["Path"] == CATCH_ALL
                for event in properties.get("Events", {}).values()
            )
        ]
        assert len(catchers) == len(apis), path
        for properties in catchers:
            use_case = properties["CodeUri"].strip("/")
            assert answers_the_rest(use_case)
            assert len(properties["Events"]) == 1
            assert routes_of(path.parent / use_case / "handler.py") == []
