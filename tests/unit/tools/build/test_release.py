"""What a release is called, and that the build writes it where functions find it."""

import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml

from shared.platform.runtime.release import Release
from tools.build.release import commit_of, project_version, release_name
from tools.build.stamp import stamp
from tools.build.target import BuildError
from tools.check.project import ROOT, functions_of
from tools.local.templates import load_template, parse_template

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


NAME = "1.2.3+abc.20261129T204103Z"
CODE = "AutoPublishCodeSha256"


def hashes(service: str) -> dict[str, str]:
    template = load_template(ROOT / "functions" / service / "template.yaml")
    return {name: f"{n:064x}" for n, name in enumerate(functions_of(template))}


def as_sam_leaves_it(text: str) -> str:
    """`sam build` writes templates anew: block style, intrinsic functions in their long form."""
    return yaml.safe_dump(parse_template(text), sort_keys=False)


@pytest.mark.parametrize("written", [str, as_sam_leaves_it])
@pytest.mark.parametrize("service", sorted(path.name for path in ROOT.glob("functions/*")))
def test_name_and_hash_reach_every_function_of_a_built_template(
    tmp_path: Path, service: str, written: Callable[[str], str]
) -> None:
    source = ROOT / "functions" / service / "template.yaml"
    built = tmp_path / "build" / service / "template.yaml"
    built.parent.mkdir(parents=True)
    built.write_text(written(source.read_text("utf-8")), "utf-8")
    assert stamp(tmp_path, NAME, hashes) == [built]
    fresh, before = load_template(built), load_template(source)
    function = fresh["Globals"]["Function"]
    assert function["Environment"]["Variables"].pop("RELEASE") == NAME
    assert function["Tags"].pop("release") == NAME
    found = {name: each.pop(CODE) for name, each in functions_of(fresh).items()}
    assert found == hashes(service)
    was = before["Globals"]["Function"]
    assert was["Environment"]["Variables"].pop("RELEASE") == {"Ref": "Release"}
    assert was["Tags"].pop("release") == {"Ref": "Release"}
    assert {each.pop(CODE) for each in functions_of(before).values()} == {""}
    assert fresh == before  # nothing else has changed


def test_the_root_of_a_build_says_the_name_itself(tmp_path: Path) -> None:
    """A parameter would keep the first release's: `sam deploy` gives it its previous value."""
    (tmp_path / "template.yaml").write_text((ROOT / "template.yaml").read_text("utf-8"), "utf-8")
    stamp(tmp_path, NAME, hashes)
    fresh = load_template(tmp_path / "template.yaml")
    assert fresh["Parameters"]["Release"]["Default"] == "dev"
    services = [e for e in fresh["Resources"].values() if e["Type"].endswith("::Application")]
    given = [e["Properties"].get("Parameters", {}).get("Release") for e in services]
    assert set(given) - {None} == {NAME}


def test_the_root_hands_the_name_to_every_service() -> None:
    resources = load_template(ROOT / "template.yaml")["Resources"].values()
    services = [each for each in resources if each["Type"] == "AWS::Serverless::Application"]
    assert services
    for service in services:
        assert service["Properties"]["Parameters"]["Release"] == {"Ref": "Release"}


def test_a_build_without_a_place_for_the_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Resources: {}\n")
    with pytest.raises(BuildError, match="Release"):
        stamp(tmp_path, NAME, hashes)


def test_a_function_without_a_place_for_its_hash_is_refused(tmp_path: Path) -> None:
    text = (ROOT / "functions/payments/template.yaml").read_text("utf-8")
    (tmp_path / "template.yaml").write_text(text.replace(CODE, "Description", 1), "utf-8")
    with pytest.raises(BuildError, match="GetPaymentFunction of payments has no Auto"):
        stamp(tmp_path, NAME, hashes)


def test_the_version_is_the_projects_own() -> None:
    assert project_version() in (ROOT / "CHANGELOG.md").read_text("utf-8")
