"""The row report counts what is marked and refuses what does not exist."""

import tomllib
from pathlib import Path

import pytest

from tools.check.rows import DATA, main

RULES = tomllib.loads(DATA.read_text("utf-8"))
MARKED = """
import pytest

@pytest.mark.row("{row}")
@pytest.mark.parametrize("n", [1, 2])
def test_it(n): ...
"""


def _suite(folder: Path, row: str) -> str:
    # One process imports them all, so each needs a name of its own.
    (folder / f"test_{folder.name}.py").write_text(MARKED.format(row=row))
    return str(folder)


def test_a_held_row_satisfies_its_requirement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Parametrized cases are one test."""
    assert main([_suite(tmp_path, "CQR-02"), "--require", "CQR-02"]) == 0
    assert "held     CQR-02     1  Everything" in capsys.readouterr().out


def test_a_required_row_without_a_test_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([_suite(tmp_path, "CQR-02"), "--require", "CQR-02", "SEC-03"]) == 1
    assert "required, without a test: SEC-03" in capsys.readouterr().out


def test_every_row_of_an_issue_is_required(tmp_path: Path) -> None:
    assert main([_suite(tmp_path, "CQR-02"), "--issue", "spine"]) == 1


@pytest.mark.parametrize("arguments", [[], ["--require", "CQR-2"]])
def test_an_unknown_id_is_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    row = "CQR-02" if arguments else "CQR-2"
    assert main([_suite(tmp_path, row), *arguments]) == 2
    assert "no row CQR-2" in capsys.readouterr().err


def test_no_tests_at_all_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([str(tmp_path)])
    assert exit_.value.code == 2


def test_where_a_row_is_used_and_what_tests_it_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suite = _suite(tmp_path, "CQR-02")
    main([suite])
    said = capsys.readouterr().out
    assert "used: shared/orders/use_cases/place_order.py::commit" in said
    assert f"test_{tmp_path.name}.py (1)" in said
    assert "LOG-01 │ waits" in said
    assert f"of {len(RULES['rows'])} rows: 1 held, 0 in part" in said
    main([suite, "-v"])
    assert "::test_it" in capsys.readouterr().out
