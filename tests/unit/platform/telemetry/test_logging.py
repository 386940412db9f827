import asyncio
import json
import subprocess
import sys

import pytest
from aws_lambda_powertools.logging import Logger

from shared.platform.entry.lifecycle import invocation
from shared.platform.runtime.context import (
    clear_user_id,
    current,
    in_invocation,
    note_ids,
    request_context,
    set_user_id,
    within,
)
from shared.platform.telemetry.logging import get_logger, log_execution_time
from tools.check.project import ROOT
from tools.lab.support import environment
from tools.lab.support.lambda_context import LambdaContext


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """The lines without metrics: the first invocation of a process leaves one."""
    return [line for line in lines(capsys) if "message" in line]


@pytest.mark.row("LOG-01", "LOG-05")
def test_one_json_object_a_line_with_the_call_s_fields_and_no_secret(capsys):
    get_logger("log-a").info("product created", product_id="p-1", request={"password": "hunter2"})
    (line,) = lines(capsys)
    assert line["message"] == "product created"
    assert (line["service"], line["level"], line["product_id"]) == ("log-a", "INFO", "p-1")
    assert line["request"] == {"password": "*****"}


@pytest.mark.row("LOG-01")
def test_a_person_gets_a_readable_line(capsys, monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "console")
    get_logger("log-b").warning("stock is low", product_id="p-1")
    line = capsys.readouterr().out
    assert "WARNING" in line
    assert "stock is low" in line
    assert "product_id=p-1" in line
    assert "test_logging.py" not in line.split("stock is low")[0]


@pytest.mark.row("LOG-02", "LOG-03")
def test_every_line_of_an_invocation_carries_its_context_and_nothing_leaks(capsys):
    logger = get_logger("log-c")
    first, second = LambdaContext(function_name="f"), LambdaContext(function_name="f")
    with invocation(first) as context:
        context.correlation_id = "correlation-1"
        context.trace = "Root=1-67891233-abcdef012345678912345678;Sampled=1"
        set_user_id("user-1")
        logger.info("one")
    with invocation(second):
        logger.info("two")
    assert not in_invocation()
    one, two = said(capsys)
    assert one["request_id"] == first.aws_request_id
    assert (one["correlation_id"], one["user_id"]) == ("correlation-1", "user-1")
    assert one["trace_id"] == "1-67891233-abcdef012345678912345678"
    assert one["function_name"] == "f"
    assert two["request_id"] == second.aws_request_id
    assert two["cold_start"] is False
    assert "user_id" not in two
    assert two["correlation_id"] == second.aws_request_id


@pytest.mark.row("LOG-02")
def test_lines_carry_what_the_invocation_is_about_and_the_release(capsys, monkeypatch):
    monkeypatch.setenv("RELEASE", "1.2.3+abc")
    environment.forget_cached()
    logger = get_logger("log-ids")
    with invocation(LambdaContext()):
        note_ids({"order_id": "o-1", "token": "eyJhbGciOi.J9.x", "nothing": None})
        note_ids({"order_id": "o-2", "event_id": "e-1"})  # the first word stands
        logger.info("one", event_id="said by the call itself")
        with within(current(), about={"order_id": "o-3"}):
            logger.info("two")
    with invocation(LambdaContext()):
        logger.info("three")
    one, two, three = said(capsys)
    assert (one["order_id"], one["event_id"]) == ("o-1", "said by the call itself")
    assert one["token"] == "*****"
    assert (two["order_id"], two["request_id"]) == ("o-3", one["request_id"])
    assert {line["release"] for line in (one, two, three)} == {"1.2.3+abc"}
    assert not {"order_id", "nothing"} & three.keys()


@pytest.mark.row("LOG-02")
def test_nothing_is_said_of_what_is_not_known(capsys):
    logger = get_logger("log-unknown")
    with invocation(LambdaContext()):
        set_user_id("user-1")
        logger.info("one", product_id=None)
        logger.append_keys(user_id=None)
        logger.info("two")
        logger.info("three", user_id="said by the call itself")
    one, two, three = said(capsys)
    assert one["user_id"] == "user-1"
    assert not {"product_id", "causation_id", "xray_trace_id"} & one.keys()
    assert "user_id" not in two
    assert three["user_id"] == "said by the call itself"
    assert None not in {**one, **two, **three}.values()


def test_a_line_takes_no_more_of_an_id_than_an_id_has(capsys):
    with invocation(LambdaContext()):
        note_ids({"order_id": "x" * 5_000})
        get_logger("log-long").info("one")
    (line,) = said(capsys)
    assert len(line["order_id"]) == 100


@pytest.mark.row("LOG-02")
def test_only_a_cold_start_says_how_long_it_took(capsys):
    script = """
from shared.platform.entry import lifecycle
lifecycle.begin_init()
from shared.platform.telemetry.logging import get_logger
lifecycle.end_init()
for _ in range(2):
    with lifecycle.invocation(None):
        get_logger("log-cold").info("said")
"""
    said = subprocess.check_output([sys.executable, "-c", script], cwd=ROOT, text=True)
    cold, warm = (line for line in map(json.loads, said.splitlines()) if "message" in line)
    assert cold["cold_start"]
    assert cold["init_ms"] > 0
    assert not warm["cold_start"]
    assert "init_ms" not in warm


@pytest.mark.row("LOG-02", "LOG-03")
def test_appended_keys_are_on_every_line_of_their_invocation_and_of_no_other(capsys):
    logger = get_logger("log-keys")
    with invocation(LambdaContext()):
        logger.append_keys(order_id="o-1", card_token="tok_1")
        logger.info("one", order_id="o-2")
        logger.info("two")
        with logger.append_context_keys(step="a"):
            logger.info("three")
        logger.remove_keys(["order_id"])
        assert "order_id" not in logger.get_current_keys()
        logger.info("four")
    with invocation(LambdaContext()):
        logger.info("five")
    one, two, three, four, five = (line for line in lines(capsys) if "message" in line)
    assert [one["order_id"], two["order_id"], two["card_token"]] == ["o-2", "o-1", "*****"]
    assert (three["step"], "step" in four, "order_id" in four) == ("a", False, False)
    assert five.keys().isdisjoint({"order_id", "card_token", "step"})


@pytest.mark.row("LOG-03")
def test_contexts_nest_and_the_user_can_be_cleared():
    with request_context(request_id="outer", user_id="u") as outer:
        with request_context(request_id="inner"):
            assert (current().request_id, current().user_id) == ("inner", None)
        assert current() is outer
        clear_user_id()
        assert outer.user_id is None


@pytest.mark.row("LOG-04")
def test_execution_time_is_logged_for_sync_and_async(capsys):
    def logger() -> Logger:
        return get_logger("log-d")

    @log_execution_time(logger, level="warning", outcome_of=lambda total: f"sum {total}")
    def add(a: int, b: int) -> int:
        return a + b

    @log_execution_time(logger)
    async def fail() -> None:
        raise RuntimeError

    assert add(1, 2) == 3
    with pytest.raises(RuntimeError):
        asyncio.get_event_loop().run_until_complete(fail())
    started, finished, again, failed = lines(capsys)
    assert started["operation"] == finished["operation"]
    assert (finished["outcome"], failed["outcome"]) == ("sum 3", "error")
    levels = [each["level"] for each in (started, finished, again, failed)]
    assert levels == ["WARNING", "WARNING", "INFO", "ERROR"]
    assert isinstance(finished["duration_ms"], float)
    assert failed["error"] == "RuntimeError"
    assert again["message"] == "started"
    assert started["location"].startswith("test_execution_time_is_logged")
    assert finished["location"] == started["location"]


@pytest.mark.row("LOG-02")
def test_what_a_call_says_itself_is_kept(capsys):
    with request_context(request_id="r-1", user_id="caller"):
        get_logger("log-own").info("locked out", user_id="somebody else")
    with request_context(request_id="r-1"):
        get_logger("log-own").info("locked out", user_id="somebody")
    found = [line["user_id"] for line in lines(capsys)]
    assert found == ["somebody else", "somebody"]


@pytest.mark.row("LOG-05")
def test_a_secret_in_a_message_or_an_exception_is_masked(capsys):
    get_logger("log-secret").error("bad: password=hunter2", exception="E: token='hunter2'")
    assert "hunter2" not in capsys.readouterr().out


def test_odd_values_are_written_and_outside_of_an_invocation_too(capsys):
    get_logger("log-odd").info("odd \ud800", x={(1, 2): b"\xff"}, y=float("nan"), z=object())
    (line,) = lines(capsys)
    assert (line["y"], line["x"]) == ("nan", {"(1, 2)": "\ufffd"})
    assert "request_id" not in line
