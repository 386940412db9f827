"""Nothing that is written behind a tool's name is accepted and then ignored."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.tools.entry.entries import STARTED, entries
from tools.check.project import ROOT
from tools.entry.arguments import Parser

HERE = Path(__file__).parent
TRIED = HERE / "try_arguments.py"
TO_PYTEST = {"tools.check.stages"}
"""Hands on what it is given; pytest refuses what it does not know."""

IGNORING = f'''
"""A tool that looks for one argument and at no other."""
import sys

def main(arguments):
    print("--check" in arguments)
    return 0
{STARTED}
    sys.exit(main(sys.argv[1:]))
'''


def loadable(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def answers(modules: list[str], folder: Path = ROOT) -> dict[str, tuple[object, str]]:
    """Return what each module says to an argument that nobody knows."""
    done = subprocess.run(
        [sys.executable, str(TRIED), *modules],
        cwd=ROOT,
        env={"PATH": "/nowhere", "PYTHONPATH": f"{folder}:{ROOT}", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return {module: (status, said) for module, (status, said) in json.loads(done.stdout).items()}


def ignoring(found: dict[str, tuple[object, str]]) -> list[str]:
    """Return the modules that did not refuse it."""
    return [name for name, (status, said) in found.items() if status != 2 or not said]


def asks_no_parser(path: Path) -> bool:
    """Tell whether neither a module nor what it runs hands its arguments to a parser of ours."""
    source = path.read_text("utf-8")
    if by_run := re.search(r'run\("(tools[\w.]+)"\)', source):
        source += (ROOT / by_run[1].replace(".", "/")).with_suffix(".py").read_text("utf-8")
    return "from tools.entry.arguments import Parser" not in source


def test_every_tool_refuses_what_it_does_not_know() -> None:
    without = [path for path in entries() if asks_no_parser(path)]
    assert {loadable(path) for path in without} == TO_PYTEST  # they would really run
    found = answers([loadable(path) for path in entries()])
    assert len(found) > 25
    assert ignoring(found) == []


def test_a_tool_that_ignores_it_is_found(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(IGNORING)
    assert ignoring(answers(["planted"], tmp_path)) == ["planted"]
    assert asks_no_parser(tmp_path / "planted.py")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (["--segmnts", "3"], "unrecognized arguments: --segmnts 3. Did you mean --segments?"),
        (["--dry_run=1"], "unrecognized arguments: --dry_run=1. Did you mean --dry-run?"),
        (["here"], "unrecognized arguments: here.\n"),
        (["--help-me"], "unrecognized arguments: --help-me. Did you mean --help?"),
    ],
)
def test_the_nearest_that_there_is_is_named(
    capsys: pytest.CaptureFixture[str], written: list[str], said: str
) -> None:
    parser = Parser(prog="tool")
    parser.add_argument("--segments", type=int)
    parser.add_argument("--dry-run", action="store_true")
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(written)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_the_options_of_a_command_are_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    parser = Parser(prog="tool")
    parser.add_argument("--forth", action="store_true")
    walk = parser.add_subparsers().add_parser("walk")
    walk.add_argument("--fast", action="store_true")
    with pytest.raises(SystemExit):
        parser.parse_args(["walk", "--fsat"])
    assert "tool walk: error" in (said := capsys.readouterr().err)
    assert "Did you mean --fast?" in said
