"""Ctrl-C while a tool is still imported is one sentence."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.unit.tools.entry.entries import entries, module_of
from tools.check.project import ROOT

STOPPING = Path(__file__).parent / "stopping"
Done = subprocess.CompletedProcess[str]


def stopped(module: str, folder: Path = ROOT) -> Done:
    """Start *module* and stop it at the first import of its own."""
    return subprocess.run(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{STOPPING}:{folder}"},
        capture_output=True,
        text=True,
        check=False,
    )


def is_one_sentence(done: Done) -> bool:
    """Tell whether that was all it said."""
    return (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped.\n")


def test_every_tool_ends_with_a_sentence() -> None:
    names = [module_of(path) for path in entries()]
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(names, pool.map(stopped, names), strict=True))
    assert {name: each.stderr for name, each in found.items() if not is_one_sentence(each)} == {}


def test_a_module_from_elsewhere_ends_with_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text("import wave\n")
    done = stopped("planted", tmp_path)
    assert "Traceback" in done.stderr
    assert not is_one_sentence(done)


def test_a_package_that_is_missing_ends_it_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "boto3.py").write_text("raise ModuleNotFoundError('gone', name='boto3')\n")
    done = subprocess.run(
        [sys.executable, "-m", "tools.operate.create_admin"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("The package boto3 is not installed here.\n")
