import asyncio
import json

import pytest

from shared.platform.entry.lifecycle import invocation
from shared.platform.runtime.context import (
    clear_user_id,
    current,
    in_invocation,
    request_context,
    set_user_id,
)
from shared.platform.telemetry.logging import get_logger, log_execution_time
from tools.lab.support.lambda_context import LambdaContext


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


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
    one, two = (line for line in lines(capsys) if "message" in line)
    assert one["request_id"] == first.aws_request_id
    assert (one["correlation_id"], one["user_id"]) == ("correlation-1", "user-1")
    assert one["trace_id"] == "1-67891233-abcdef012345678912345678"
    assert one["function_name"] == "f"
    assert two["request_id"] == second.aws_request_id
    assert two["cold_start"] is False
    assert "user_id" not in two
    assert "correlation_id" not in two


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
    logger = get_logger("log-d")

    @log_execution_time(logger)
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
    assert (finished["outcome"], failed["outcome"]) == ("success", "error")
    assert isinstance(finished["duration_ms"], float)
    assert failed["error"] == "RuntimeError"
    assert again["message"] == "started"


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
