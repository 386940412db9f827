"""Helpers that do nothing are noticed; what is not noticed, or cannot be planted, is told."""

import tomllib
from pathlib import Path

import pytest

from tools.check.planted import DATA, Plant, Verdict, main, plants_of, verdicts
from tools.entry.guard import ToolError

HELPER = """
import functools
def doubled(n): return 2 * n
def unused(): ...
class Ticket:
    @property
    def price(self): return 5
    @classmethod
    def free(cls): return cls()
KNOWN = {"a": 1}
"""
TESTS = """
from shared.helper import KNOWN, Ticket, doubled
def test_doubled(): assert doubled(2) == 4
def test_not_looking(): assert doubled(2) is not NotImplemented
def test_price(): assert Ticket().price == 5
def test_free(): assert isinstance(Ticket.free(), Ticket)
def test_known(): assert KNOWN["a"] == 1
def test_wrong(): assert doubled(2) == 5
"""
PLANTS = {
    "a function": ("doubled", "lambda n: n", "test_doubled", "caught"),
    "a property": ("Ticket.price", "lambda self: 0", "test_price", "caught"),
    "a method of the class": ("Ticket.free", "lambda cls: None", "test_free", "caught"),
    "a value": ("KNOWN", "{}", "test_known", "caught"),
    "a test that does not look": ("doubled", "lambda n: n", "test_not_looking", "survived"),
    "a test of something else": ("unused", "lambda: None", "test_doubled", "not reached"),
    "a no-op that cannot be called so": ("doubled", "lambda: 0", "test_doubled", "broken"),
    "a no-op that breaks the product": ("doubled", "lambda n: n.no", "test_doubled", "broken"),
    "a helper that is gone": ("tripled", "lambda n: n", "test_doubled", "broken"),
    "a test that is gone": ("doubled", "lambda n: n", "test_gone", "broken"),
}
OF_THIS_SYSTEM = plants_of(tomllib.loads(DATA.read_text("utf-8")))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("planted")
    for path, text in {
        "shared/__init__.py": "",
        "shared/helper.py": HELPER,
        "tests/test_it.py": TESTS,
        "pyproject.toml": "[tool.pytest.ini_options]\n",
    }.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    return root


def plant(name: str, noop: str, test: str) -> Plant:
    return Plant("LOG-04", f"shared/helper.py::{name}", noop, f"tests/test_it.py::{test}")


@pytest.fixture(scope="module")
def tried(project: Path) -> dict[str, Verdict]:
    asked = [plant(*each[:3]) for each in PLANTS.values()]
    _, *found = verdicts(asked, project)
    return dict(zip(PLANTS, found, strict=True))


@pytest.mark.parametrize("what", PLANTS)
def test_what_becomes_of(tried: dict[str, Verdict], what: str) -> None:
    assert tried[what].outcome == PLANTS[what][3], tried[what].said
    assert tried[what].is_right == (PLANTS[what][3] == "caught")


def test_a_test_that_fails_as_the_code_is_shows_nothing(project: Path) -> None:
    control, _ = verdicts([plant("doubled", "lambda n: n", "test_wrong")], project)
    assert (control.outcome, control.is_right) == ("fails", False)


def test_what_is_loaded_before_it_could_be_planted_in_is_no_answer(project: Path) -> None:
    early = Plant(
        "LOG-04", "json.py::loads", "lambda text: None", "tests/test_it.py::test_doubled"
    )
    with pytest.raises(ToolError, match="ended with 1"):
        [*verdicts([early], project)]


def test_an_unknown_row_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["LOG-99"]) != 0
    assert "LOG-99" in capsys.readouterr().err
