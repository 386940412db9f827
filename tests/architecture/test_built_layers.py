"""The layers as they ship: built, where this machine can, and weighed against what is promised."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.build import botocore_services, bytecode, layer, sources, target, trim
from tools.build.declared import limit_for, names_for
from tools.build.opt import Layers, build_all
from tools.build.weigh import ZIP_LIMIT, unzipped_size, zipped_size
from tools.check.project import ROOT, handlers

CORE = ROOT / "layers" / "core"
# A layer is worth its place among five from this size on; what is smaller goes into core or web.
SMALLEST = 2_000_000


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Layers:
    """All layers for the default target."""
    try:
        target.interpreter(target.python_version())
        return build_all(tmp_path_factory.mktemp("layers"))
    except target.BuildError as error:
        pytest.skip(f"the layers cannot be built here: {str(error).splitlines()[0]}")


def test_the_core_layer_keeps_the_services_that_the_code_calls() -> None:
    kept = (CORE / "botocore-services.txt").read_text().split()
    assert kept == botocore_services.services(), "run python -m tools.build.botocore_services"


def too_heavy(weight: Callable[[Path], int]) -> dict[str, int]:
    """Functions whose layers together are beyond what their kind may have."""
    found = {"/".join(handler.parts[-3:-1]): handler for handler in handlers()}
    return {name: weight(h) for name, h in found.items() if weight(h) > limit_for(h)}


def test_the_layers_of_every_function_are_as_small_as_promised(layers: Layers) -> None:
    sizes = {
        folder: unzipped_size(folder)
        for folder in (*layers.others.values(), *layers.shared.values())
    }
    assert all(size > 1_000_000 for size in sizes.values())
    assert too_heavy(lambda handler: sum(sizes[each] for each in layers.of(handler))) == {}


def test_the_promise_by_kind_of_function() -> None:
    limits = {"/".join(handler.parts[-3:-1]): limit_for(handler) for handler in handlers()}
    assert limits["orders/finalize_order"] == limits["orders/relay_events"] == 20_000_000
    assert limits["operations/run_migrations"] == 20_000_000
    assert limits["orders/place_order"] == limits["gateway/get_product_details"] == 30_000_000
    assert limits["identity/authorize"] == limits["identity/log_in"] == 60_000_000
    crypto = [h.parts[-2] for h in handlers() if "crypto" in names_for(h)]
    assert sorted(crypto) == [
        "authorize",
        "change_password",
        "log_in",
        "refresh_tokens",
        "register",
        "rotate_signing_keys",
    ]


def test_packages_have_a_layer_of_their_own_from_two_megabytes_on(layers: Layers) -> None:
    small = {name for name, at in layers.others.items() if unzipped_size(at) < SMALLEST}
    assert small - {"redis"} == set(), "core or web have room for it"


def test_every_module_in_the_layers_is_compiled_for_the_target(layers: Layers) -> None:
    for folder in (*layers.others.values(), *layers.shared.values()):
        compiled = list(folder.rglob("*.pyc"))
        assert len(compiled) > 20
        for path in compiled:
            bytecode.check(path, target.python_version())
    assert [path for each in layers.others.values() for path in each.rglob("*.py")] == []


def test_layers_lie_over_each_other_without_a_clash(layers: Layers) -> None:
    for handler in handlers():
        assert (layers.opt(handler, {"CacheInRedis"}) / "shared" / "__init__.py").exists()


def test_a_new_folder_is_a_new_layer(tmp_path: Path) -> None:
    """Requirements and their lock suffice; nothing else knows the names of layers."""
    lock = (CORE / "requirements.txt").read_text()
    entry = lock[lock.index("six==") :]
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "requirements.txt").write_text(entry[: entry.index("# via")])
    try:
        layer.build(tmp_path / "text", tmp_path / "built")
    except target.BuildError as error:
        pytest.skip(f"the layer cannot be built here: {str(error).splitlines()[0]}")
    made = {path.name for path in (tmp_path / "built" / "python").glob("*") if path.is_file()}
    assert made == {"six.pyc"}


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
    def test_a_byte_more_than_a_function_may_have(self) -> None:
        log_in = ROOT / "functions" / "identity" / "log_in" / "handler.py"
        assert "identity/log_in" in too_heavy(lambda h: limit_for(h) + (h == log_in))
        assert too_heavy(limit_for) == {}

    def test_a_name_in_trim_toml_that_the_packages_do_not_have(self, tmp_path: Path) -> None:
        (tmp_path / "six.py").touch()
        with pytest.raises(target.BuildError, match=r"trim.toml: the packages have no sixty.py"):
            trim.trim(tmp_path, ["six.py", "sixty.py"])

    def test_two_layers_with_one_file(self, tmp_path: Path) -> None:
        handler = ROOT / "functions" / "payments" / "relay_events" / "handler.py"
        for name in ("core", "payments"):
            (tmp_path / name / "python").mkdir(parents=True)
            (tmp_path / name / "python" / "six.pyc").touch()
        layers = Layers(tmp_path, {"core": tmp_path / "core"}, {"payments": tmp_path / "payments"})
        with pytest.raises(target.BuildError, match=r"six.pyc is in two layers"):
            layers.opt(handler)

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
