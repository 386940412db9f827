"""Every route is the template's, and says who may call it."""

import subprocess
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from tools.check import child
from tools.check.child import ask_each
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
def routes() -> dict[Path, list[dict[str, Any]]]:
    """The routes of every function behind an HTTP API."""
    asked = [
        declared_handlers(path)[name]
        for path in template_paths()
        for name, properties in functions_of(load_template(path)).items()
        if any(each["Type"] == "HttpApi" for each in properties.get("Events", {}).values())
    ]
    return dict(zip(asked, ask_each("routes_child.py", asked), strict=True))


def test_there_are_endpoints_to_look_at() -> None:
    assert len(ENDPOINTS) > 10


@endpoint
def test_a_function_serves_the_route_of_its_template(handler: Path, event: dict[str, Any]) -> None:
    served = {(route["method"], route["path"]) for route in routes()[handler]}
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
    for route in routes()[handler]:
        assert len(route["access"]) == 1, route


@pytest.mark.row("PRM-02")
@endpoint
def test_a_route_without_authorizer_is_public_in_the_code(
    handler: Path, event: dict[str, Any]
) -> None:
    if event.get("Auth", {}).get("Authorizer") == "NONE":
        assert next(route["access"] for route in routes()[handler]) == [["public"]]


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
            assert routes()[path.parent / use_case / "handler.py"] == []


def test_a_handler_that_does_not_start_is_no_answer(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "handler.py").write_text("raise SystemError('planted')")
    (good, *_) = routes()
    environment = child.environment_of(good)
    with (
        patch.object(child, "environment_of", return_value=environment),
        pytest.raises(subprocess.CalledProcessError),
    ):
        ask_each("routes_child.py", [good, tmp_path / "handler.py"])
    assert "planted" in capfd.readouterr().err
