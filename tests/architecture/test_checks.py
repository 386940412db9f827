"""`make check` can fail: every check is shown a project that it must refuse."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.check import steps
from tools.check.__main__ import main
from tools.check.project import ROOT
from tools.check.steps import Finding

FIXTURES = Path(__file__).parent / "fixtures"
CARELESS = "import os\ndef total( lines ):\n    return sum(lines) + nothing\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project under the real settings whose every part has something wrong with it."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder in ("shared", "functions", "tests", "tools"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "careless.py").write_text(CARELESS)
    (tmp_path / "functions" / "shipping").mkdir()
    shutil.copy(FIXTURES / "unlinted.yaml", tmp_path / "functions" / "shipping" / "template.yaml")
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("check", "complaint"),
    [
        (steps.ruff_check, "F401"),
        (steps.ruff_format, "careless.py"),
        (steps.mypy, "name-defined"),
        (steps.cfn_lint, "E3001"),
    ],
)
@pytest.mark.usefixtures("project")
def test_a_check_refuses_what_it_is_there_for(
    check: Callable[[], Finding], complaint: str
) -> None:
    finding = check()
    assert not finding.passed
    assert complaint in finding.output


@pytest.mark.usefixtures("project")
def test_sam_refuses_an_unsound_template() -> None:
    if not steps.SAM.exists():
        pytest.skip("the SAM CLI is installed by `make check`")
    finding = steps.sam_validate()
    assert not finding.passed
    assert finding.looked_at == "1 templates"


def test_a_check_that_looked_at_nothing_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    checks = (steps.ruff_check, steps.cfn_lint, steps.resource_count, steps.import_contracts)
    assert [check().passed for check in checks] == [False] * len(checks)


def test_one_failure_fails_the_run_and_hides_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    results = [Finding("first", False, "1 file", "what is wrong"), Finding("second", True, "2")]
    assert main([], [lambda: results[0], lambda: results[1]]) == 1
    said = capsys.readouterr().out
    assert "FAILED first: 1 file\nwhat is wrong\nok     second: 2" in said
    assert main([], [lambda: results[1]]) == 0
