"""The exit status is the replay's verdict."""

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.unit.tools.shop.replay.conftest import INVOICES
from tools.shop.replay import cli
from tools.shop.replay.reconcile import Check
from tools.shop.replay.results import Run

GOOD = Check("revenue captured", 100, 100)
BAD = Check("revenue captured", 100, 99)


@pytest.mark.parametrize(("checks", "status"), [([GOOD], 0), ([GOOD, BAD], 1)])
def test_an_imbalance_is_an_exit_status(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    checks: list[Check],
    status: int,
) -> None:
    stack = SimpleNamespace(base_url="http://shop")
    monkeypatch.setattr(cli, "seeded_stack", lambda _: nullcontext(stack))
    monkeypatch.setattr(cli, "replay", lambda *_: (Run(), checks))
    assert cli.main([str(INVOICES)]) == status
    said = capsys.readouterr().out
    assert ("Balanced to the penny." in said) == (status == 0)
    assert "skipped: 1 invoice of more than 50 lines" in said


def test_a_file_of_another_kind_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    assert cli.main([str(other)]) == 2
    assert cli.main([str(tmp_path / "nowhere.csv")]) == 2
    assert "has no column" in capsys.readouterr().err


def test_a_limit_is_a_positive_number() -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main([str(INVOICES), "--limit", "0"])
