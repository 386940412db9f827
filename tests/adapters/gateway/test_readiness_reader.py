import threading

import pytest

from shared.gateway.adapters.readiness_reader import (
    KEEP_SECONDS,
    PingingReadinessReader,
    RecentReadinessReader,
)
from shared.gateway.domain.readiness import Status
from shared.gateway.queries.check_readiness import CheckReadiness, CheckReadinessHandler


def fine() -> None:
    """Answer."""


def broken() -> None:
    """Fail."""
    raise ConnectionError("refused")


@pytest.mark.row("API-08")
def test_everything_answers() -> None:
    readiness = PingingReadinessReader(checks={"bus": fine, "table": fine}).read()
    assert readiness.status is Status.OK
    assert [(each.name, each.status) for each in readiness.dependencies] == [
        ("bus", "ok"),
        ("table", "ok"),
    ]
    assert all(each.latency_ms >= 0 for each in readiness.dependencies)


@pytest.mark.row("API-08")
def test_one_that_fails_brings_all_down_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    readiness = PingingReadinessReader(checks={"bus": fine, "table": broken}).read()
    assert readiness.status is Status.DOWN
    assert [each.status for each in readiness.dependencies] == ["ok", "down"]
    assert '"dependency":"table","error":"ConnectionError: refused"' in capsys.readouterr().out


@pytest.mark.row("API-08")
def test_nobody_is_waited_for_beyond_the_budget() -> None:
    released = threading.Event()

    def stuck() -> None:
        released.wait(60)

    try:
        checks = {"bus": stuck, "table": fine}
        readiness = PingingReadinessReader(checks=checks, budget_seconds=0.05).read()
        assert not released.is_set()
        assert [each.status for each in readiness.dependencies] == ["down", "ok"]
    finally:
        released.set()


def test_with_nothing_to_check_everything_is_there() -> None:
    readiness = PingingReadinessReader(checks={}).read()
    assert (readiness.status, readiness.dependencies) == (Status.OK, [])


@pytest.mark.row("CAC-02")
def test_what_was_found_is_said_for_two_seconds_and_no_longer() -> None:
    asked: list[float] = []
    now = [100.0]

    def check() -> None:
        asked.append(now[0])
        if now[0] > 101:
            raise ConnectionError("refused")

    reader = PingingReadinessReader(checks={"bus": check})
    recent = RecentReadinessReader(reader, clock=lambda: now[0])
    check_readiness = CheckReadinessHandler(readiness=recent)
    assert check_readiness(CheckReadiness()).status is Status.OK
    now[0] += KEEP_SECONDS - 0.01
    assert check_readiness(CheckReadiness()).status is Status.OK
    now[0] += 0.01
    assert check_readiness(CheckReadiness()).status is Status.DOWN
    assert asked == [100.0, 102.0]
