"""Timing decorators: plain and async functions, labels out of the call."""

import asyncio
import json

import pytest

from shared.platform.telemetry.metrics import metrics, timed

pytestmark = pytest.mark.row("MET-03")


@timed("Stir", "pot", "turns")
def stir(pot: str, turns: int = 2, *, loudly: bool = False) -> str:
    """Stir a pot."""
    if loudly:
        raise ValueError(pot)
    return pot * turns


@timed("Simmer", "pot")
async def simmer(pot: str) -> str:
    await asyncio.sleep(0)
    return pot


def observed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    metrics.flush_metrics()
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_plain_function_is_timed_with_labels_from_the_call(capsys):
    assert stir("a") == "aa"
    assert stir(pot="a", turns=2) == "aa"
    assert stir("b", 1) == "b"
    lines = observed(capsys)
    assert {(line["pot"], line["turns"], len(line["Stir"])) for line in lines} == {
        ("a", "2", 2),
        ("b", "1", 1),
    }
    assert all(value >= 0 for line in lines for value in line["Stir"])


def test_an_async_function_is_timed_until_it_is_done(capsys):
    loop = asyncio.get_event_loop()
    assert loop.run_until_complete(simmer("c")) == "c"
    (line,) = observed(capsys)
    assert (line["pot"], len(line["Simmer"])) == ("c", 1)


def test_a_call_that_fails_is_timed_too(capsys):
    with pytest.raises(ValueError, match="a"):
        stir("a", loudly=True)
    (line,) = observed(capsys)
    assert len(line["Stir"]) == 1


def test_a_function_stays_what_it_was():
    assert (stir.__name__, stir.__doc__) == ("stir", "Stir a pot.")
    assert asyncio.iscoroutinefunction(simmer)
