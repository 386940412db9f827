"""`make test` fails for a failure and for nothing at all, and says what was skipped and why."""

from pathlib import Path

import pytest

from tools.check import stages


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
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    skipped = "import pytest\n@pytest.mark.skip(reason='no java')\ndef test_race(): pass\n"
    (tmp_path / "test_race.py").write_text(skipped + "def test_sum(): assert 1 + 1 == 2\n")
    assert stages.main([str(tmp_path)]) == 0
    said = capfd.readouterr().out
    assert "ok     named: 2 tests" in said
    assert "skipped 1: no java" in said
    assert said.endswith("\n1 passed, 0 failed, 1 skipped\n")
