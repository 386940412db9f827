"""The dependencies layer's inputs, and the layer itself where this machine can build it."""

import sys
from pathlib import Path

import pytest

from tools.build import botocore_services, bytecode, dependencies_layer, sources, target, trim
from tools.build.weigh import LAYERS_LIMIT, ZIP_LIMIT, unzipped_size, zipped_size
from tools.check.project import ROOT, handlers

LAYER = ROOT / "layers" / "dependencies"


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both layers for the default target, in one folder."""
    folder = tmp_path_factory.mktemp("layers")
    try:
        target.interpreter(target.python_version())
        dependencies_layer.build_once(LAYER, folder / "dependencies")
    except target.BuildError as error:
        pytest.skip(f"the layer cannot be built here: {str(error).splitlines()[0]}")
    sources.build(ROOT / "shared", folder / "shared", "python/shared")
    return folder


def test_the_layer_keeps_the_services_that_the_code_calls() -> None:
    kept = (LAYER / "botocore-services.txt").read_text().split()
    assert kept == botocore_services.services(), "run python -m tools.build.botocore_services"


def test_both_layers_together_stay_small(layers: Path) -> None:
    assert 10_000_000 < unzipped_size(layers) <= LAYERS_LIMIT


def test_every_module_in_the_layers_is_compiled_for_the_target(layers: Path) -> None:
    compiled = list(layers.rglob("*.pyc"))
    assert len(compiled) > 1000
    for path in compiled:
        bytecode.check(path, target.python_version())
    assert list((layers / "dependencies").rglob("*.py")) == []


def test_a_function_is_a_few_kilobytes(tmp_path: Path) -> None:
    if target.with_bytecode():
        try:
            target.interpreter(target.python_version())
        except target.BuildError as error:
            pytest.skip(f"functions cannot be compiled here: {str(error).splitlines()[0]}")
    sizes = {}
    for handler in handlers():
        artifact = tmp_path / "-".join(handler.parts[-3:-1])
        sources.build(handler.parent, artifact)
        sizes[artifact.name] = zipped_size(artifact)
    assert sizes
    assert {name: size for name, size in sizes.items() if size > ZIP_LIMIT} == {}


class TestTheGatesCanFail:
    def test_a_service_that_is_not_named_literally(self, tmp_path: Path) -> None:
        module = tmp_path / "shared" / "orders" / "adapters.py"
        module.parent.mkdir(parents=True)
        module.write_text("def of(name):\n    return aws.client(name)\n")
        with pytest.raises(botocore_services.UnreadableServiceError, match=r"adapters.py:2"):
            botocore_services.services(tmp_path)

    def test_a_service_that_only_the_code_knows(self, tmp_path: Path) -> None:
        module = tmp_path / "shared" / "orders" / "adapters.py"
        module.parent.mkdir(parents=True)
        module.write_text('client("braket")\n')
        assert "braket" in botocore_services.services(tmp_path)

    def test_a_service_that_botocore_does_not_know(self, tmp_path: Path) -> None:
        with pytest.raises(target.BuildError, match="does not know nosuch"):
            trim.trim_botocore(tmp_path, ["nosuch"])

    def test_bytecode_of_another_version(self, tmp_path: Path) -> None:
        compiled = tmp_path / "m.pyc"
        compiled.write_bytes((target.MAGIC["3.12"]).to_bytes(2, "little") + b"\r\n\x01\0\0\0")
        with pytest.raises(target.BuildError, match=r"not compiled by Python 3\.13"):
            bytecode.check(compiled, "3.13")
        bytecode.check(compiled, "3.12")

    def test_bytecode_that_would_be_compared_with_its_source(self, tmp_path: Path) -> None:
        compiled = tmp_path / "m.pyc"
        compiled.write_bytes((target.MAGIC["3.13"]).to_bytes(2, "little") + b"\r\n\0\0\0\0")
        with pytest.raises(target.BuildError, match="compared with its source"):
            bytecode.check(compiled, "3.13")

    def test_no_interpreter_of_the_target_version(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", "")
        monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
        absent = next(v for v in target.MAGIC if not sys.version.startswith(v))
        with pytest.raises(target.BuildError, match="Install it"):
            target.interpreter(absent)

    def test_nothing_to_build(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TRADEWIND_PYTHON", "{}.{}".format(*sys.version_info))
        with pytest.raises(target.BuildError, match="nothing was built"):
            sources.build(tmp_path / "empty", tmp_path / "artifact")
