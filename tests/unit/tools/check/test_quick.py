"""`make quick` runs what a change reaches, says why, and fails for what the change has broken."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest

from tools.check import quick, until
from tools.check.affected import Affected, NoBase, Project, changed
from tools.check.outcomes import Case, Outcome
from tools.check.project import ROOT

PACKAGES = ("quick_shop", "quick_tests")
FILES = {
    "quick_shop/__init__.py": "",
    "quick_shop/prices.py": "def price(): return 7\n",
    "quick_shop/orders.py": "from quick_shop.prices import price\n\ndef total(): return price()\n",
    "quick_shop/mails.py": "from pathlib import Path\nSHEET = Path('mails.txt')\n",
    "quick_shop/lonely.py": "",
    "quick_shop/sheets/mails.txt": "Thank you.",
    "quick_tests/__init__.py": "",
    "quick_tests/test_prices.py": (
        "from quick_shop.prices import price\n\n\ndef test_price(): assert price() == 7\n"
    ),
    "quick_tests/test_orders.py": (
        "from quick_shop import orders\n\n\ndef test_total(): assert orders.total() == 7\n"
    ),
    "quick_tests/test_mails.py": (
        "import quick_shop.mails\n\n\ndef test_it(): assert quick_shop.mails.SHEET\n"
    ),
    "quick_tests/named/__init__.py": "",
    "quick_tests/named/conftest.py": (
        "import importlib\n\n\ndef load(name): importlib.import_module(f'quick_shop.o{name}s')\n"
    ),
    "quick_tests/named/test_named.py": "def test_it(): pass\n",
}
"""Path → text of a small project; what only a string names is in it, too."""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "reached"),
    [
        (
            "quick_shop/prices.py",
            {
                "quick_tests/test_prices.py": 1,
                "quick_tests/test_orders.py": 2,
                "quick_tests/named/test_named.py": 3,
            },
        ),
        (
            "quick_shop/orders.py",
            {"quick_tests/test_orders.py": 1, "quick_tests/named/test_named.py": 2},
        ),
        ("quick_shop/sheets/mails.txt", {"quick_tests/test_mails.py": 2}),
        ("quick_tests/named/conftest.py", {"quick_tests/named/test_named.py": 1}),
        ("quick_tests/test_mails.py", {"quick_tests/test_mails.py": 0}),
        ("quick_shop/lonely.py", {}),
        ("notes.txt", {}),
    ],
)
def test_a_change_reaches_who_imports_or_names_it(
    root: Path, path: str, reached: dict[str, int]
) -> None:
    found = Project(root, PACKAGES).affected([path])
    assert {each.file: each.distance for each in found} == reached
    assert [each.distance for each in found] == sorted(reached.values())


def test_it_says_by_which_way(root: Path) -> None:
    _, orders, _ = Project(root, PACKAGES).affected(["quick_shop/prices.py"])
    assert orders.why == "quick_shop.orders ← quick_shop.prices"


@pytest.mark.parametrize(
    ("price", "code", "verdict"),
    [(7, 0, "ok     tests: 3 tests, 0 failed"), (8, 1, "FAILED tests: 3 tests, 2 failed")],
)
def test_a_change_that_breaks_a_test_fails(
    root: Path, capfd: pytest.CaptureFixture[str], price: int, code: int, verdict: str
) -> None:
    """Both tests that import it fail; the one that does not reach it is not run."""
    (root / "quick_shop/prices.py").write_text(f"def price():\n    return {price}\n")
    assert quick.examine(["quick_shop/prices.py"], root, PACKAGES) == code
    said = capfd.readouterr().out
    assert verdict in said
    assert "test_orders.py: quick_shop.orders ← quick_shop.prices\n" in said
    assert "test_mails.py" not in said


def test_a_change_that_lint_refuses_fails(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (root / "quick_shop/lonely.py").write_text("import os\n")
    assert quick.examine(["quick_shop/lonely.py"], root, PACKAGES) == 1
    said = capfd.readouterr().out
    assert "no tests are reached" in said
    assert "FAILED lint" in said
    assert "F401" in said


def test_what_there_is_no_time_for_is_left_and_nothing_run_is_a_failure(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    choice = quick.Choice(Project(root, PACKAGES).affected(["quick_shop/prices.py"]), 4, root)
    outcome = quick.test(choice, root, until_time=0)
    assert outcome.skips == {until.REASON: 3}
    said, code = quick.verdict(outcome)
    assert "3 are left to make test, for want of time" in said
    assert code == 1
    assert quick.verdict(Outcome("", 0, (Case(), Case(skipped=until.REASON))))[1] == 0


def test_a_command_that_takes_too_long_is_cut_short(root: Path) -> None:
    assert quick.check(["python3", "-c", "input()"], root, 60) != ""
    assert quick.check(["tail", "-f", "quick_shop/prices.py"], root, 0.1) is None


def reached(file: str, distance: int) -> Affected:
    return Affected(file, tuple(map(str, range(distance + 1))))


def test_heavy_folders_have_a_sample_and_the_near_come_first() -> None:
    far, near = reached("tests/unit/test_far.py", 3), reached("tests/unit/test_near.py", 1)
    heavy = reached("tests/simulation/test_seeds.py", 2)
    choice = quick.Choice([near, heavy, far], 100)
    assert list(choice.files) == [near.file, quick.SAMPLES["tests/simulation"], far.file]
    assert choice.left == [heavy]


def test_a_change_that_touches_everything_begins_with_the_sample() -> None:
    tests = [reached(f"tests/unit/test_{number}.py", 2) for number in range(60)]
    own = reached("tests/unit/test_own.py", 0)
    choice = quick.Choice([own, *tests], 100)
    assert choice.is_wide
    assert list(choice.files)[: 1 + len(quick.FIXED)] == [own.file, *quick.FIXED]
    assert len(choice.files) + choice.far == len(quick.FIXED) + 61
    assert choice.far
    assert not quick.Choice([own, *tests], 200).is_wide


def test_what_stands_for_others_is_there() -> None:
    for sample in (*quick.FIXED, *quick.SAMPLES.values()):
        file, _, name = sample.partition("::")
        assert f"def {name}" in (ROOT / file).read_text()


@pytest.fixture
def git(root: Path) -> Callable[..., None]:
    def run(*arguments: str) -> None:
        known = ("-c", "user.name=Ada", "-c", "user.email=ada@shop.example")
        subprocess.run(
            [str(which("git")), *known, *arguments], cwd=root, check=True, capture_output=True
        )

    return run


def test_what_differs_is_what_the_branch_and_the_folder_changed(
    root: Path, git: Callable[..., None]
) -> None:
    git("init", "--initial-branch=main")
    git("add", ".")
    git("commit", "--message=All")
    git("switch", "--create=mine")
    (root / "quick_shop/prices.py").write_text("")
    git("commit", "--all", "--message=Mine")
    (root / "quick_shop/orders.py").write_text("")
    (root / "new.py").write_text("")
    git("switch", "main")
    (root / "theirs.py").write_text("")
    git("add", "theirs.py")
    git("commit", "--message=Theirs", "theirs.py")
    git("switch", "mine")
    assert changed(root) == ["new.py", "quick_shop/orders.py", "quick_shop/prices.py"]
    with pytest.raises(NoBase, match="nowhere"):
        changed(root, "nowhere")
