"""What a release is called, and that the build writes it where functions find it."""

import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from shared.platform.runtime.release import Release
from tools.build.release import commit_of, project_version, release_name, stamp
from tools.build.target import BuildError
from tools.check.project import ROOT
from tools.local.templates import load_template

WHEN = datetime(2026, 11, 29, 21, 41, 3, tzinfo=timezone(timedelta(hours=1)))


def test_functions_read_what_the_build_writes() -> None:
    name = release_name("0.1.0", "6d0814f0a1b2", WHEN)
    assert name == "0.1.0+6d0814f0a1b2.20261129T204103Z"
    assert Release.read(name) == Release(
        version="0.1.0", commit="6d0814f0a1b2", built_at="2026-11-29T20:41:03Z"
    )


def test_what_nobody_said_is_not_known() -> None:
    assert Release.read(release_name("dev", "", WHEN)) == Release(
        version="dev", commit=None, built_at=None
    )


def test_a_commit_is_told_from_what_was_changed_since(tmp_path: Path) -> None:
    assert commit_of(tmp_path) == ""  # no repository: no commit

    def git(*arguments: str) -> str:
        author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        return subprocess.check_output(["git", *author, *arguments], cwd=tmp_path, text=True)  # noqa: S607

    git("init", "--quiet")
    (tmp_path / "file").write_text("one")
    git("add", "file")
    git("commit", "--quiet", "--message", "one")
    commit = git("rev-parse", "--short=12", "HEAD").strip()
    assert commit_of(tmp_path) == commit
    (tmp_path / "file").write_text("two")
    assert commit_of(tmp_path) == f"{commit}-modified"


@pytest.mark.parametrize("service", sorted(path.name for path in ROOT.glob("functions/*")))
def test_the_name_reaches_every_function_of_a_built_template(tmp_path: Path, service: str) -> None:
    source = ROOT / "functions" / service / "template.yaml"
    built = tmp_path / "build" / service / "template.yaml"
    built.parent.mkdir(parents=True)
    built.write_text(source.read_text("utf-8"), "utf-8")
    assert stamp(tmp_path, "1.2.3+abc.20261129T204103Z") == [built]
    fresh, before = load_template(built), load_template(source)
    parameter = fresh["Parameters"].pop("Release")
    assert parameter["Default"] == "1.2.3+abc.20261129T204103Z"
    assert before["Parameters"].pop("Release")["Default"] == "dev"
    assert fresh == before  # nothing else has changed
    function = fresh["Globals"]["Function"]
    assert function["Environment"]["Variables"]["RELEASE"] == {"Ref": "Release"}
    assert function["Tags"] == {"release": {"Ref": "Release"}}


def test_the_root_hands_the_name_to_every_service() -> None:
    resources = load_template(ROOT / "template.yaml")["Resources"].values()
    services = [each for each in resources if each["Type"] == "AWS::Serverless::Application"]
    assert services
    for service in services:
        assert service["Properties"]["Parameters"]["Release"] == {"Ref": "Release"}


def test_a_build_without_a_place_for_the_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Resources: {}\n")
    with pytest.raises(BuildError, match="Release"):
        stamp(tmp_path, "1.2.3")


def test_the_version_is_the_projects_own() -> None:
    assert project_version() in (ROOT / "CHANGELOG.md").read_text("utf-8")
