"""What a person sees of `make` itself: its table, its one line of progress, and no second wait."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.check.project import ROOT

MAKE = shutil.which("make") or "make"
PYTHON = """#!/bin/sh
# Stands for the environment's Python: pip's words in place of pip, else what it is called with.
case "$*" in
  "-c import sys"*) exit 0 ;;
  *"pip install"*)
    printf 'Collecting one==1\\nCollecting two==2\\nhundreds of lines\\n'
    exit $PIP_EXIT ;;
  *"pip check"*) exit 0 ;;
esac
echo "python $*"
"""
ON_CALL = ("logs", "mails", "redrive", "replay-events TO=a.b", "migrate", "rebuild", "demo")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Our Makefile with an environment that is complete, but older than its lock."""
    for name in ("Makefile", "tools/build/setup.sh", "tools/build/sam.mk"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for name in (".venv/bin/python", "bin/uv"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(PYTHON if "python" in name else "#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "dev.txt").write_text("one==1\ntwo==2\n")
    (tmp_path / ".venv" / ".complete").touch()
    os.utime(tmp_path / ".venv" / ".complete", (0, 0))
    return tmp_path


def make(project: Path, target: str, *, pip_exit: int = 0) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": f"{project / 'bin'}:{os.environ['PATH']}", "PIP_EXIT": str(pip_exit)}
    return subprocess.run(
        [MAKE, *target.split()],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("target", ON_CALL)
def test_on_call_nothing_is_installed_where_there_is_an_environment(
    project: Path, target: str
) -> None:
    done = make(project, target)
    assert done.returncode == 0
    assert re.fullmatch(r"python -m tools\..*\n", done.stdout)
    assert "make setup" in done.stderr  # the lock has changed: said, not done


def test_on_call_a_missing_environment_is_made_first(project: Path) -> None:
    (project / ".venv" / ".complete").unlink()
    first, second = make(project, "mails").stdout.splitlines()[-2:]
    assert first.startswith("Installed 2 packages into .venv")
    assert second == "python -m tools.local mails"
    assert (project / ".venv" / ".complete").exists()


def test_packages_take_two_lines_and_the_rest_goes_into_a_file(project: Path) -> None:
    done = make(project, "run")
    began, installed, started = done.stdout.splitlines()
    assert began.startswith("Installing 2 packages from requirements/dev.txt into .venv")
    assert installed.startswith("Installed 2 packages into .venv")
    assert started.startswith("python -m tools.local run")
    log = project / ".cache" / "setup" / ".venv.log"
    assert str(log.relative_to(project)) in installed
    assert "hundreds of lines" in log.read_text()


def test_a_failed_installation_shows_the_end_of_its_log_and_what_to_do(project: Path) -> None:
    done = make(project, "run", pip_exit=1)
    assert done.returncode == 2
    assert "  hundreds of lines\n" in done.stderr
    assert "HTTPS_PROXY" in done.stderr
    assert "python -m" not in done.stdout  # nothing is started
    assert not (project / ".venv" / ".complete").exists()


def test_every_target_with_a_purpose_is_listed_in_a_group() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    documented = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    phony = set(re.findall(r"^\.PHONY: (\S+)$", text, re.MULTILINE))
    table = subprocess.check_output([MAKE, "help"], cwd=ROOT, text=True)
    groups = table.strip().split("\n\n")
    listed = [line.split()[1] for group in groups for line in group.splitlines()[1:]]
    assert sorted(listed) == sorted(documented)
    assert phony - documented == {"ready"}
    assert all(len(group.splitlines()) > 2 for group in groups)  # a group of one is none
