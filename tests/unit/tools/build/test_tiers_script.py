"""`make tiers` installs what is missing, and where it cannot it says what to do."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.check.project import ROOT

PROGRAMS = ("redis-server", "java", "npm", "chromium")
OWN = ("bash", "tail", "mktemp", "rm", "env")
ROOT_USER, OTHER_USER = "echo 0", "echo 1000"
NOTES = 'echo "$@" >>"$0.log"'


def run(folder: Path, programs: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the script where only *programs* are, each with the lines that it consists of."""
    for name, lines in programs.items():
        (folder / name).write_text(f"#!/usr/bin/env bash\n{lines}\n")
        (folder / name).chmod(0o755)
    for name in OWN:
        (folder / name).symlink_to(shutil.which(name) or "")
    return subprocess.run(
        [folder / "bash", ROOT / "tools" / "build" / "tiers.sh"],
        env={**os.environ, "PATH": str(folder), "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_where_all_is_there_it_is_silent(tmp_path: Path) -> None:
    done = run(tmp_path, dict.fromkeys(PROGRAMS, "true"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_as_root_on_debian_it_installs_just_what_is_missing(tmp_path: Path) -> None:
    there = dict.fromkeys(("java", "npm", "valkey-server"), "true")
    done = run(tmp_path, {**there, "apt-get": NOTES, "id": ROOT_USER})
    assert (done.returncode, done.stdout) == (0, "Installing chromium …\n"), done.stderr
    asked = (tmp_path / "apt-get.log").read_text()
    assert asked == "install --yes --no-install-recommends chromium\n"


def test_it_updates_the_lists_when_a_package_is_not_found(tmp_path: Path) -> None:
    fails_once = f'{NOTES}\n[ "$1" = update ] && touch "$0.new"; [ -e "$0.new" ]'
    (tmp_path / "touch").symlink_to(shutil.which("touch") or "")
    done = run(tmp_path, {"apt-get": fails_once, "id": ROOT_USER})
    assert done.returncode == 0, done.stderr
    asked = (tmp_path / "apt-get.log").read_text().splitlines()
    assert [line.split()[0] for line in asked] == ["install", "update", "install"]


def test_what_apt_cannot_install_fails_with_what_it_said(tmp_path: Path) -> None:
    done = run(tmp_path, {"apt-get": "echo no such package; false", "id": ROOT_USER})
    assert done.returncode == 1
    assert "no such package" in done.stderr
    assert "apt-get could not install redis-server default-jdk-headless npm" in done.stderr


def test_who_is_not_root_is_told_the_command(tmp_path: Path) -> None:
    there = dict.fromkeys(("java", "npm", "chromium"), "true")
    done = run(tmp_path, {**there, "apt-get": NOTES, "id": OTHER_USER})
    assert done.returncode == 1
    assert "sudo apt-get install redis-server\n" in done.stderr
    assert not (tmp_path / "apt-get.log").exists()


def test_where_there_is_no_apt_it_says_what_is_missing(tmp_path: Path) -> None:
    done = run(tmp_path, {"id": ROOT_USER})
    assert done.returncode == 1
    assert "redis-server default-jdk-headless npm chromium" in done.stderr
