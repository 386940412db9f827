"""`make test` fails for a failure and for nothing at all, and says what was skipped and why."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import conftest
from tools.check import hidden, stages
from tools.check.outcomes import Case, Outcome, idle_rows, slowest
from tools.check.running import Stage, run, run_all
from tools.check.tiers import TIERS
from tools.entry.guard import ToolError


def test_a_failure_fails_the_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "test_wrong.py").write_text("def test_wrong(): assert 1 == 2\n")
    assert stages.main([str(tmp_path)]) == 1
    said = capfd.readouterr().out
    assert "FAILED named: 1 tests" in said
    assert said.endswith("\n0 passed, 1 failed, 0 skipped\n")


def test_nothing_to_run_fails_the_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert stages.main([str(tmp_path)]) == 1
    assert "FAILED named: 0 tests" in capfd.readouterr().out


def test_what_is_skipped_is_listed_with_its_reason(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIERS", raising=False)
    skipped = "import pytest\n@pytest.mark.skip(reason='no java')\ndef test_race(): pass\n"
    (tmp_path / "test_race.py").write_text(skipped + "def test_sum(): assert 1 + 1 == 2\n")
    assert stages.main([str(tmp_path)]) == 0
    said = capfd.readouterr().out
    assert "ok     named: 2 tests" in said
    assert "skipped 1: no java" in said
    assert said.endswith("\n1 passed, 0 failed, 1 skipped\n")


SKIPPED = """
import pytest
@pytest.mark.skip(reason='without redis: no redis-server')
def test_race(): pass
def test_sum(): assert 1 + 1 == 2
"""


@pytest.mark.parametrize(("asked", "code"), [("", 0), ("all", 1)])
def test_where_all_tiers_are_asked_for_a_skip_fails_the_run(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    code: int,
) -> None:
    (tmp_path / "test_race.py").write_text(SKIPPED)
    monkeypatch.setenv("TIERS", asked)
    assert stages.main([str(tmp_path)]) == code
    said = capfd.readouterr().out
    assert ("FAILED nothing skipped" in said) == bool(code)
    assert "skipped 1: without redis: no redis-server" in said


NEEDS_REDIS = """
import shutil
import pytest
pytestmark = pytest.mark.row("CAC-01")
def test_it(redis): {body}
"""


def hidden_run(folder: Path, body: str) -> int:
    """Run a test of the tier without its program, as the stage does."""
    (folder / "test_it.py").write_text(NEEDS_REDIS.format(body=body))
    with hidden.environment() as environment:
        stage = Stage("x", (str(folder),))
        outcome = run(stage, ("-p", "tests.conftest", "-m", "tier"), environment)
    assert [case.tiers for case in outcome.cases] == [{"redis"}]
    assert idle_rows(outcome.cases).keys() == {"CAC-01"}
    return len(hidden.mistakes(outcome))


def test_without_its_program_a_test_of_a_tier_is_skipped(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The other tiers have no test here, which would be a mistake in a whole run."""
    assert hidden_run(tmp_path, "pass") == len(TIERS) - 1
    assert "without redis: no redis-server" in capfd.readouterr().out


UNSEEN = "def test_it(request): request.getfixturevalue('redis')"


@pytest.mark.tier("redis")
def test_a_test_that_takes_a_tier_unseen_fails(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "test_unseen.py").write_text(UNSEEN)
    assert stages.main([str(tmp_path), "-pno:cacheprovider", "-ptests.conftest"]) == 1
    assert "'redis'" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (0, "80 s, 150 s of processor time"),
        (150, "80 s, 150 s of processor time of 150"),
        (120, "80 s, 150 s of processor time of 120: 30 s OVER ITS BUDGET"),
    ],
)
def test_a_stage_over_its_budget_is_told(budget: int, said: str) -> None:
    outcome = Outcome("unit", 0, (), seconds=80, processor=150)
    assert stages.spent(Stage("unit", (), budget=budget), outcome) == said


def test_every_stage_has_a_budget() -> None:
    assert all(stage.budget for stage in stages.STAGES)


def test_the_slowest_files_are_named_first() -> None:
    cases = [Case("a.py", seconds=2), Case("b.py", seconds=3), Case("a.py", seconds=2.5)]
    assert list(slowest(cases)) == [("a.py", 4.5), ("b.py", 3)]


COMPILED = """
import os
def test_it(): assert "PYTHONDONTWRITEBYTECODE" not in os.environ
"""


def test_a_stage_takes_processor_time_and_keeps_what_it_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "test_it.py").write_text(COMPILED)
    outcome = run(Stage("x", (str(tmp_path),)))
    assert outcome.code == 0
    assert outcome.processor > 0
    assert outcome.seconds > 0


MEETING = """
import os, select
def test_it(request):
    own, other = (os.open(name, os.O_RDWR) for name in {pipes})
    os.write(own, b"x")
    assert select.select([other], [], [], 60)[0]
    assert not hasattr(request.config, "workerinput")
"""


def test_a_stage_runs_beside_others_which_have_a_worker_less(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither of the two would end without the other; what the one says comes in one piece."""
    pipes = [str(tmp_path / name) for name in ("one", "other")]
    for each in pipes:
        os.mkfifo(each)
    for name, order in (("before", pipes), ("stack", pipes[::-1]), ("after", pipes)):
        (tmp_path / name).mkdir()
        text = MEETING.format(pipes=order) if name != "after" else "def test_it(): pass"
        (tmp_path / name / "test_it.py").write_text(text)
    named = [
        Stage("before", (str(tmp_path / "before"),), workers=2),
        Stage("after", (str(tmp_path / "after"),)),
        Stage("stack", (str(tmp_path / "stack"),), beside=("before", "after")),
    ]
    outcomes = list(run_all(named))
    assert [(each.stage, each.code) for each in outcomes] == [
        ("before", 0),
        ("after", 0),
        ("stack", 0),
    ]
    assert all(each.processor > 0 for each in outcomes)
    said = capfd.readouterr().out
    assert [line.split(":")[0] for line in said.splitlines() if line.startswith("==")] == [
        "== before",
        "== after",
        "== stack",
    ]
    assert said.count("1 passed") == len(named)


def test_a_stage_whose_others_are_not_asked_for_runs_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it(): assert 1 == 2")
    (outcome,) = run_all([Stage("stack", (str(tmp_path),), beside=("engines",))])
    assert outcome.failed == 1


def test_the_stages_beside_which_one_runs_are_there_and_before_it() -> None:
    names = [stage.name for stage in stages.STAGES]
    for stage in stages.STAGES:
        assert set(stage.beside) <= set(names[: names.index(stage.name)])


def test_arguments_that_pytest_does_not_know_end_the_run(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="could not begin"):
        list(run_all([Stage("x", (str(tmp_path),))], ["--no-such-option"]))


def item(name: str, *, is_long: bool = False) -> Any:
    """What pytest's hook looks at of a test."""
    return SimpleNamespace(
        path=Path(name.partition("::")[0]),
        name=name,
        get_closest_marker=lambda marker: marker if is_long and marker == "long" else None,
    )


def test_files_with_a_long_test_go_first_and_the_drawn_order_stays() -> None:
    items = [item("b::1"), item("c::1"), item("a::1"), item("c::2", is_long=True)]
    conftest.pytest_collection_modifyitems(items)
    assert [each.name for each in items] == ["c::1", "c::2", "b::1", "a::1"]
