"""`make build` says when what it built is too heavy, foreign, or nothing."""

import os
from pathlib import Path

import pytest

from tools.build import weigh
from tools.build.target import MAGIC

TEMPLATE = """\
Parameters: {PythonVersion: {Type: String, Default: python3.13}}
Globals:
  Function:
    Layers: [!Ref SharedLayer]
Resources:
  SharedLayer:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: SharedLayer}
  WebLayer:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: WebLayer}
  CryptoLayer:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: CryptoLayer}
  ShipOrderFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ShipOrderFunction
      Events: {Order: {Type: SQS}}
  GetOrderFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: GetOrderFunction
      Layers:
        - !Ref WebLayer
        - !If [Signs, !Ref CryptoLayer, !Ref AWS::NoValue]
      Events: {Get: {Type: HttpApi}}
"""


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A project whose one service was built well."""
    service = tmp_path / ".aws-sam" / "services" / "shipping"
    artifacts = ("SharedLayer", "WebLayer", "CryptoLayer", "ShipOrderFunction", "GetOrderFunction")
    for artifact in artifacts:
        (service / artifact).mkdir(parents=True)
        (service / artifact / "module.pyc").write_bytes(bytecode("3.13"))
    (service / "template.yaml").write_text(TEMPLATE)
    return tmp_path


def bytecode(version: str) -> bytes:
    return MAGIC[version].to_bytes(2, "little") + b"\r\n\x01\0\0\0"


def artifact(root: Path, name: str) -> Path:
    return root / ".aws-sam" / "services" / "shipping" / name


def test_what_was_built_well_passes(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert weigh.main([], built) == 0
    assert (
        "shipping: Shared 0.0 + Web 0.0 + Crypto 0.0 MB unzipped, 2 functions"
        in capsys.readouterr().out
    )


def test_nothing_built_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert weigh.main([], tmp_path) == 1
    assert "nothing was built" in capsys.readouterr().out


def test_a_function_too_heavy(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (artifact(built, "ShipOrderFunction") / "data").write_bytes(os.urandom(weigh.ZIP_LIMIT))
    assert weigh.main([], built) == 1
    assert "FAILED shipping: ShipOrderFunction is" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("layer", "size", "heavy"),
    [
        ("SharedLayer", 19_000_000, []),
        ("SharedLayer", 20_000_001, ["ShipOrderFunction"]),
        ("WebLayer", 20_000_001, []),
        ("CryptoLayer", 59_000_000, []),
        ("CryptoLayer", 60_000_001, ["GetOrderFunction"]),
    ],
)
def test_layers_too_heavy_for_those_who_have_them(
    built: Path, capsys: pytest.CaptureFixture[str], layer: str, size: int, heavy: list[str]
) -> None:
    with (artifact(built, layer) / "data").open("wb") as data:
        data.truncate(size)
    assert weigh.main([], built) == (1 if heavy else 0)
    said = capsys.readouterr().out
    assert [
        name for name in ("ShipOrderFunction", "GetOrderFunction") if f"{name} has" in said
    ] == heavy


def test_an_http_function_without_cryptography_has_half_as_much(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = artifact(built, "template.yaml")
    known = template.read_text()
    template.write_text(
        known.replace("!If [Signs, !Ref CryptoLayer, !Ref AWS::NoValue]", "!Ref WebLayer")
    )
    assert template.read_text() != known
    with (artifact(built, "WebLayer") / "data").open("wb") as data:
        data.truncate(30_000_001)
    assert weigh.main([], built) == 1
    assert "limit 30000000" in capsys.readouterr().out


def test_bytecode_of_another_runtime_than_the_templates(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (artifact(built, "SharedLayer") / "module.pyc").write_bytes(bytecode("3.12"))
    assert weigh.main([], built) == 1
    assert "was not compiled by Python 3.13" in capsys.readouterr().out


def test_a_layer_without_bytecode(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (artifact(built, "SharedLayer") / "module.pyc").unlink()
    assert weigh.main([], built) == 1
    assert "SharedLayer has no bytecode" in capsys.readouterr().out
