"""What no route of an API matches is answered as everything else is."""

import importlib
import json

import pytest

from tools.check.project import answers_the_rest, contexts, handlers
from tools.lab.support.functions import Answer, sample_event
from tools.lab.support.http_events import http_event
from tools.lab.support.lambda_context import LambdaContext

FUNCTIONS = [path.parts[-3:-1] for path in handlers() if answers_the_rest(path.parts[-2])]


def send(service, event, name="unmatched"):
    module = importlib.import_module(f"functions.{service}.{name}.handler")
    return Answer.of(module.handler(event, LambdaContext()))


def test_every_service_has_one():
    assert {service for service, _ in FUNCTIONS} == set(contexts())


@pytest.mark.row("OPS-04")
@pytest.mark.parametrize(("service", "name"), FUNCTIONS)
def test_it_is_404_in_the_envelope(service, name, monkeypatch, capsys):
    monkeypatch.setenv("SERVICE", service)
    sample = sample_event(service, name)
    answer = send(service, sample, name)
    assert (answer.status, answer.code) == (404, "NOT_FOUND")
    assert answer.json["success"] is False
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"] == answer.json["meta"]["request_id"]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line[:1] == "{"]
    assert "GET $default" in {line.get("route") for line in lines}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_no_method_and_no_body_make_it_anything_else(method):
    body = {"lines": []} if method in ("POST", "PUT", "PATCH") else None
    event = http_event(method, "/api/v1/orders/nothing/here", body=body, route="$default")
    assert send("orders", event).status == 404
