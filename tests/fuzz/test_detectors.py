"""Every kind of mistake, planted in an endpoint, is found, made small and replayed."""

import json
import re

import pytest

from shared.platform.http.app import lambda_handler
from tools.lab.fuzz.attacks.hostile import JSON
from tools.lab.fuzz.cases import IN_PROCESS
from tools.lab.fuzz.oracle import MAY_BE_WRITTEN, REQUIRED_HEADERS, evaluate
from tools.lab.fuzz.planted import PLANTED, planted
from tools.lab.fuzz.rig import Function, Outcome, Rig
from tools.lab.fuzz.runner import Runner, Tally

MOST = 3_000


def attacked(rig: Rig, name: str) -> tuple[Runner, Tally]:
    """Plant the mistake, attack it until it shows."""
    endpoint = planted(name)
    template = rig.functions["catalog/create_product"]
    rig.endpoints = [each for each in rig.endpoints if each.route.path != "/planted"] + [endpoint]
    rig.functions["catalog/planted"] = Function(lambda_handler(endpoint.app), template.environment)
    runner, tally = Runner(rig, only="/planted"), Tally()
    for start in range(0, MOST, 200):
        tally.add(runner.epoch(1, range(start, start + 200)))
        if any(PLANTED[name][1] in failure.kinds for failure in tally.failures):
            break
    return runner, tally


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_found_made_small_and_replayed(rig, name):
    runner, tally = attacked(rig, name)
    kind = PLANTED[name][1]
    failure = next(each for each in tally.failures if kind in each.kinds)
    assert len(json.loads(failure.event).get("body", "")) < 120, failure
    assert len(failure.attacks) <= 1
    command = re.search(r"make fuzz SEED=(\d+) ONLY=(\d+)", str(failure))
    assert command
    again = runner.replay(int(command[1]), int(command[2]))
    assert kind in again.failures[0].kinds


def good(**changed: object) -> Outcome:
    """Return an outcome with nothing wrong, less what is *changed*."""
    body = {
        "success": False,
        "status_code": 404,
        "type": "error",
        "message": "No.",
        "data": None,
        "meta": {"request_id": "r", "correlation_id": "r", "timestamp": "t"},
        "error": {"code": "NOT_FOUND", "details": {}, "errors": []},
        **changed,
    }
    headers = dict.fromkeys(REQUIRED_HEADERS, "r")
    text = json.dumps(body)
    return Outcome({"statusCode": 404, "headers": headers, "body": text}, [], "")


def kinds(outcome: Outcome) -> list[str]:
    return [problem.kind for problem in evaluate(outcome)]


def test_what_is_right_is_right():
    assert kinds(good()) == []


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"status_code": 400}, "envelope contradicts status"),
        ({"success": True}, "envelope contradicts status"),
        ({"message": ""}, "no message"),
        ({"meta": {"request_id": "another"}}, "two request ids"),
        ({"error": None}, "no error code"),
        ({"error": {"code": "oops", "details": {}, "errors": []}}, "no error code"),
        ({"error": {"code": "OK", "details": {}, "errors": [{"loc": []}]}}, "errors without form"),
        ({"message": "Traceback (most recent"}, "internals in an answer"),
        ({"message": "Kanarienvogel-im-Kohleschacht-7"}, "password in an answer"),
    ],
)
def test_an_envelope_that_is_wrong_is_noticed(changed, kind):
    assert kind in kinds(good(**changed))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (None, "no answer"),
        ({"statusCode": "200"}, "no answer"),
        ({"statusCode": 200, "headers": None}, "no headers"),
        ({"statusCode": 200, "headers": {"a": "b\r\nc"}}, "unprintable header"),
        ({"statusCode": 200, "headers": {"a": "é"}}, "header beyond ASCII"),
        ({"statusCode": 405, "headers": {}, "body": "{}"}, "405 without allow"),
        ({"statusCode": 401, "headers": {}, "body": "{}"}, "401 without www-authenticate"),
        ({"statusCode": 201, "headers": {}, "body": "{}"}, "201 without location"),
        ({"statusCode": 200, "headers": {}, "body": "NaN"}, "body is no JSON"),
        (
            {"statusCode": 200, "headers": {"content-length": "9"}, "body": "{}"},
            "wrong content-length",
        ),
        ({"statusCode": 200, "headers": {}, "body": "[]"}, "outside the envelope"),
    ],
)  # fmt: skip
def test_an_answer_that_is_wrong_is_noticed(answer, kind):
    assert kind in kinds(Outcome(answer, [], ""))


@pytest.mark.parametrize(
    ("headers", "body", "kind"),
    [
        ({"content-length": "2"}, "{}", "HEAD with a body"),
        ({}, "", "HEAD without content-length"),
    ],
)
def test_an_answer_to_head_that_is_none_is_noticed(headers, body, kind):
    answer = {"statusCode": 200, "headers": headers, "body": body}
    assert kind in kinds(Outcome(answer, [], "", method="HEAD"))


def test_passwords_in_log_lines_and_exceptions_are_noticed():
    outcome = good()
    outcome.log = '{"password":"Kanarienvogel-im-Kohleschacht-7"}'
    assert kinds(outcome) == ["password in a log line"]
    assert kinds(Outcome(None, [], "", raised="KeyError: 'x'")) == ["exception"]


def test_the_list_of_attacks_is_long():
    assert len(IN_PROCESS) >= 25
    assert len({attack.__name__ for attack in IN_PROCESS}) == len(IN_PROCESS)
    assert len(JSON) >= 75
    assert all(MAY_BE_WRITTEN.values())
