"""What was built for another runtime or machine is not deployed: each way it can be is planted."""

from pathlib import Path

import pytest
import yaml

from tools.build import deployable
from tools.build.narrow import narrow, narrowed_text
from tools.build.target import BuildError
from tools.check.project import ROOT, stacks
from tools.local.templates import load_template, parse_template

BUILT_FOR = {"PythonVersion": "python3.13", "Architecture": "arm64"}
MAGIC_311, MAGIC_312, MAGIC_313 = 3495, 3531, 3571  # what each interpreter's importlib says
AARCH64, X86_64 = 183, 62  # <elf.h>: EM_AARCH64, EM_X86_64
TOP = """\
Parameters:
  PythonVersion: {Type: String, Default: python3.13, AllowedValues: [python3.12, python3.13]}
  Architecture: {Type: String, Default: arm64, AllowedValues: [arm64, x86_64]}
Resources:
  Orders: {Type: AWS::Serverless::Application, Properties: {Location: Orders/template.yaml}}
"""
SERVICE = """\
Parameters:
  PythonVersion: {Type: String, Default: python3.13, AllowedValues: [python3.12, python3.13]}
  Architecture: {Type: String, Default: arm64, AllowedValues: [arm64, x86_64]}
Resources:
  CoreLayer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: ../CoreLayer}}
  PlaceOrderFunction: {Type: AWS::Serverless::Function, Properties: {CodeUri: PlaceOrderFunction}}
"""
SAMCONFIG = """\
[default.deploy.parameters]
parameter_overrides = ["Environment=dev"]
[x86.deploy.parameters]
parameter_overrides = "Environment=test Architecture=x86_64"
"""


def compiled(magic: int) -> bytes:
    return magic.to_bytes(2, "little") + b"\r\n\x01\0\0\0" + bytes(8)


def library(machine: int) -> bytes:
    return b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\0" + machine.to_bytes(2, "little")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that was built well."""
    built = tmp_path / ".aws-sam" / "build"
    site = built / "CoreLayer" / "python"
    for folder in (site, built / "Orders" / "PlaceOrderFunction"):
        folder.mkdir(parents=True)
        (folder / "module.pyc").write_bytes(compiled(MAGIC_313))
    (site / "_fast.cpython-313-aarch64-linux-gnu.so").write_bytes(library(AARCH64))
    (site / "_any.abi3.so").write_bytes(library(AARCH64))
    (built / "template.yaml").write_text(TOP)
    (built / "Orders" / "template.yaml").write_text(SERVICE)
    (tmp_path / "samconfig.toml").write_text(SAMCONFIG)
    return tmp_path


def site_of(project: Path) -> Path:
    return project / ".aws-sam" / "build" / "CoreLayer" / "python"


def test_what_was_built_well_may_be_deployed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deployable.main([], project) == 0
    assert capsys.readouterr().out == "2 artifacts are for python3.13 on arm64\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pyc", compiled(MAGIC_312), "a.pyc was compiled by Python 3.12, and PythonVersion is"),
        ("a.pyc", compiled(MAGIC_311), "a.pyc was compiled by Python 3.11, and PythonVersion is"),
        ("a.pyc", b"", "a.pyc was compiled by another one"),
        ("a.abi3.so", library(X86_64), "a.abi3.so is for x86_64, and Architecture is aarch64"),
        ("liba.so.1", library(X86_64), "liba.so.1 is for x86_64"),
        ("a.so", library(40), "a.so is for machine 40"),
        ("a.cpython-312-x.so", library(AARCH64), "a.cpython-312-x.so is for Python 3.12"),
    ],
)
def test_a_planted_file_for_another_runtime_or_machine_is_told(
    project: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, said: str
) -> None:
    (site_of(project) / name).write_bytes(content)
    assert deployable.main([], project) == 1
    assert f"FAILED CoreLayer: {said}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--parameter-overrides", "PythonVersion=python3.12"], "PythonVersion is python3.12"),
        (["--parameter-overrides", "Architecture=x86_64"], "Architecture is x86_64"),
        (["--config-env", "x86"], "Architecture is x86_64"),
        (["--parameter-overrides", "PythonVersion=python3.9"], "this build knows python3.11"),
    ],
)
def test_parameters_that_ask_for_another_are_told(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert deployable.main(arguments, project) == 1
    assert said in capsys.readouterr().out


def test_given_parameters_take_the_place_of_those_configured_as_sam_has_it(project: Path) -> None:
    arguments = ["--config-env", "x86", "--parameter-overrides", "Environment=test"]
    assert deployable.main(arguments, project) == 0


def test_an_empty_artifact_or_no_build_is_no_success(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".aws-sam/build/Orders/PlaceOrderFunction/module.pyc").unlink()
    assert deployable.main([], project) == 1
    assert "PlaceOrderFunction: nothing is in it" in capsys.readouterr().out
    (project / ".aws-sam" / "build" / "template.yaml").unlink()
    assert deployable.main([], project) == 2
    assert "Nothing was built" in capsys.readouterr().err


def test_an_environment_that_samconfig_does_not_have(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deployable.main(["--config-env", "prod"], project) == 2
    assert "samconfig.toml has no prod: it knows default, x86." in capsys.readouterr().err


class TestNarrowing:
    """Built templates allow one runtime, so that CloudFormation itself refuses any other."""

    @pytest.mark.parametrize("as_built", [False, True])
    @pytest.mark.parametrize("path", [ROOT / "template.yaml", stacks()["payments"]], ids=str)
    def test_a_built_template_allows_what_it_was_built_for(
        self, path: Path, *, as_built: bool
    ) -> None:
        text = path.read_text("utf-8")
        before = parse_template(text)
        if as_built:  # `sam build` writes templates anew, in block style
            text = yaml.safe_dump(before, sort_keys=False)
        only = {"PythonVersion": "python3.12", "Architecture": "x86_64"}
        fresh = parse_template(narrowed_text(text, only))
        for name, value in only.items():
            assert fresh["Parameters"][name].pop("AllowedValues") == [value]
            assert fresh["Parameters"][name].pop("Default") == value
            assert value in before["Parameters"][name].pop("AllowedValues")
            before["Parameters"][name].pop("Default")
        assert fresh == before  # nothing else has changed

    def test_a_parameter_without_a_place_for_it_is_refused(self, tmp_path: Path) -> None:
        text = (ROOT / "template.yaml").read_text("utf-8")
        (tmp_path / "template.yaml").write_text(text.replace("[arm64, x86_64]", "arm64"))
        with pytest.raises(BuildError, match="Architecture has no Default or no AllowedValues"):
            narrow(tmp_path, BUILT_FOR)

    def test_nothing_to_narrow_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(BuildError, match="no built template"):
            narrow(tmp_path, BUILT_FOR)

    def test_twice_is_once(self, project: Path) -> None:
        built = project / ".aws-sam"
        assert narrow(built, BUILT_FOR) == narrow(built, BUILT_FOR) == 2
        known = load_template(built / "build" / "template.yaml")["Parameters"]
        assert known["PythonVersion"]["AllowedValues"] == ["python3.13"]
