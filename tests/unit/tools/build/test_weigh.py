"""`make build` says when what it built is too heavy, foreign, or nothing."""

import os
from pathlib import Path

import pytest

from tools.build import weigh
from tools.build.target import MAGIC

TEMPLATE = """\
Parameters: {PythonVersion: {Type: String, Default: python3.13}}
Resources:
  SharedLayer:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: SharedLayer}
  ShipOrderFunction:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ShipOrderFunction}
"""


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A project whose one service was built well."""
    service = tmp_path / ".aws-sam" / "services" / "shipping"
    for artifact in ("SharedLayer", "ShipOrderFunction"):
        (service / artifact).mkdir(parents=True)
        (service / artifact / "module.pyc").write_bytes(bytecode("3.13"))
    (service / "template.yaml").write_text(TEMPLATE)
    return tmp_path


def bytecode(version: str) -> bytes:
    return MAGIC[version].to_bytes(2, "little") + b"\r\n\x01\0\0\0"


def artifact(root: Path, name: str) -> Path:
    return root / ".aws-sam" / "services" / "shipping" / name


def test_what_was_built_well_passes(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert weigh.main(built) == 0
    assert "shipping: layers 0.0 MB unzipped, 1 functions" in capsys.readouterr().out


def test_nothing_built_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert weigh.main(tmp_path) == 1
    assert "nothing was built" in capsys.readouterr().out


def test_a_function_too_heavy(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (artifact(built, "ShipOrderFunction") / "data").write_bytes(os.urandom(weigh.ZIP_LIMIT))
    assert weigh.main(built) == 1
    assert "FAILED shipping: ShipOrderFunction is" in capsys.readouterr().out


def test_layers_too_heavy(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (artifact(built, "SharedLayer") / "data").open("wb") as data:
        data.truncate(weigh.LAYERS_LIMIT)
    assert weigh.main(built) == 1
    assert f"limit {weigh.LAYERS_LIMIT}" in capsys.readouterr().out


def test_bytecode_of_another_runtime_than_the_templates(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (artifact(built, "SharedLayer") / "module.pyc").write_bytes(bytecode("3.12"))
    assert weigh.main(built) == 1
    assert "was not compiled by Python 3.13" in capsys.readouterr().out


def test_a_layer_without_bytecode(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (artifact(built, "SharedLayer") / "module.pyc").unlink()
    assert weigh.main(built) == 1
    assert "SharedLayer has no bytecode" in capsys.readouterr().out
