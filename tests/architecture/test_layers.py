"""Which layers functions have: what they import decides, and their templates say it."""

import shutil
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools.build import shared_layer
from tools.build.declared import LAYER, MOST, SHARED, layers_of, name_of, names_for
from tools.build.imports import imports, package
from tools.check.layers import NoLayerError, layer_folders, needed_layers, pins
from tools.check.modules import modules_of, recorded
from tools.check.project import ROOT, contexts, functions_of, handlers, stacks
from tools.local.templates import Template, load_template

LAYERS = [folder.name for folder in layer_folders()]
TEMPLATES = {name: load_template(path) for name, path in stacks().items()}
DETAILS = ROOT / "functions" / "gateway" / "get_product_details" / "handler.py"

service = pytest.mark.parametrize("stack", TEMPLATES)


def differences(handler: Path, loaded: set[str], has: set[str]) -> dict[str, set[str]]:
    """Layers that a function needs and lacks, or has and does not need."""
    needs = needed_layers(loaded) | {SHARED}
    name = "/".join(handler.parts[-3:-1])
    found = {f"{name} lacks": needs - has, f"{name} does not need": has - needs}
    return {what: layers for what, layers in found.items() if layers}


def test_there_are_layers_to_look_at() -> None:
    assert {"core", "web", "crypto", "redis"} <= set(LAYERS)
    assert len(handlers()) > 50


def test_every_function_has_the_layers_that_its_imports_need_and_no_other() -> None:
    found = {}
    for handler in handlers():
        found |= differences(handler, recorded(handler), set(names_for(handler)))
    assert found == {}


@pytest.mark.row("CAC-01")
def test_a_cache_in_redis_brings_its_layer() -> None:
    settings = {"CACHE_ENTRIES": "redis", "CACHE_REDIS_SECRET_ARN": "cache"}
    loaded = set(modules_of(DETAILS, settings=settings)) - {"cryptography", "_openssl", "cffi"}
    has = set(names_for(DETAILS, {"CacheInRedis"}))
    assert has == {"core", "web", "redis", SHARED}
    assert differences(DETAILS, loaded, has) == {}


def test_only_one_function_has_a_layer_under_a_condition() -> None:
    """Whoever adds another shows above that it has what its settings make it load."""
    conditional = [h for h in handlers() if names_for(h) != names_for(h, None)]
    assert conditional == [DETAILS]


@service
def test_no_function_has_more_layers_than_lambda_takes(stack: str) -> None:
    template = TEMPLATES[stack]
    counts = {name: len(layers_of(template, name)) for name in functions_of(template)}
    assert counts
    assert {name: count for name, count in counts.items() if count > MOST} == {}


@service
def test_layers_are_all_declared_alike_and_used(stack: str) -> None:
    assert strange_layers(TEMPLATES[stack], stacks()[stack].parent.name) == []


@pytest.mark.parametrize("context", contexts())
def test_what_the_handlers_of_a_service_import_is_in_its_shared_layer(context: str) -> None:
    for handler in (ROOT / "functions" / context).glob("*/handler.py"):
        assert missing_from_shared(handler, context) == set()


def strange_layers(template: Template, context: str) -> list[str]:
    """Layers that are declared in another way than all others, or that no function has."""
    declared = {k: v for k, v in template["Resources"].items() if v["Type"] == LAYER}
    used = {layer for name in functions_of(template) for layer in layers_of(template, name)}
    strange = sorted(declared.keys() ^ used)
    for layer, resource in declared.items():
        name = name_of(template, layer)
        words = [context, name] if name == SHARED else [name]
        folder = "../../shared" if name == SHARED else f"../../layers/{name}"
        usual = {
            "Type": LAYER,
            "Properties": {
                "LayerName": {"Fn::Sub": f"${{AWS::StackName}}-{name}"},
                "ContentUri": folder,
                "CompatibleRuntimes": [{"Ref": "PythonVersion"}],
                "CompatibleArchitectures": [{"Ref": "Architecture"}],
                "RetentionPolicy": "Delete",
                "PublishLambdaVersion": True,
            },
            "Metadata": {"BuildMethod": "makefile"},
        }
        logical_id = "".join(part.title() for word in words for part in word.split("_")) + "Layer"
        if {k: v for k, v in resource.items() if k != "Condition"} != usual or layer != logical_id:
            strange.append(layer)
    return strange


def missing_from_shared(handler: Path, context: str) -> set[str]:
    ours = package("shared", ROOT / "shared")
    has = set(shared_layer.modules(ROOT / "shared", context))
    return {name for name in imports(handler) & ours.keys() if ours[name] not in has}


@pytest.mark.parametrize("name", LAYERS)
def test_a_lock_has_what_its_layer_asks_for(name: str) -> None:
    folder = ROOT / "layers" / name
    locked = pins(folder / "requirements.txt")
    lines = (folder / "requirements.in").read_text().splitlines()
    wanted = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert wanted
    assert [each for each in wanted if locked[each.name] not in each.specifier] == []


def disagreeing(lock: Path) -> dict[str, str]:
    """Packages that the development environment has in another version, or not at all."""
    development = pins(ROOT / "requirements" / "dev.txt")
    return {name: pin for name, pin in pins(lock).items() if development.get(name) != pin}


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_ships_the_versions_that_are_tested(name: str) -> None:
    assert disagreeing(ROOT / "layers" / name / "requirements.txt") == {}


def test_no_package_is_in_two_layers() -> None:
    """One that several layers need belongs into core, where all find it."""
    locked = [name for folder in layer_folders() for name in pins(folder / "requirements.txt")]
    assert len(locked) > 20
    assert sorted(locked) == sorted(set(locked))


@pytest.mark.parametrize(
    ("folder", "target", "command"),
    [
        ("shared", "GiftCardsSharedLayer", 'tools.build.shared_layer . "out" GiftCards'),
        ("layers/web", "WebLayer", 'tools.build.layer . "out"'),
        ("functions/orders", "PlaceOrderFunction", 'tools.build.sources . "out"'),
    ],
)
def test_sam_builds_each_kind_with_its_own_module(folder: str, target: str, command: str) -> None:
    make = ["make", "--dry-run", "--makefile", ROOT / folder / "Makefile"]
    made = subprocess.check_output([*make, f"build-{target}", "ARTIFACTS_DIR=out"], text=True)
    assert made.strip().endswith(f"-m {command}")
    assert shared_layer.context_of("GiftCards") == "gift_cards"


class TestTheGatesCanFail:
    def test_a_layer_too_few_and_one_too_many(self) -> None:
        register = ROOT / "functions" / "identity" / "register" / "handler.py"
        has = set(names_for(register))
        assert differences(register, recorded(register), has - {"crypto"}) == {
            "identity/register lacks": {"crypto"}
        }
        assert differences(register, recorded(register), has | {"redis"}) == {
            "identity/register does not need": {"redis"}
        }

    def test_what_is_imported_later_than_at_the_start(self) -> None:
        """Flags load Powertools' part for them when one is first read."""
        assert needed_layers({"shared.platform.flags.flags"}) == {"core"}
        assert needed_layers({"shared.platform.cache.redis_backend"}) >= {"redis"}

    def test_a_package_of_the_environment_that_is_in_no_layer(self) -> None:
        with pytest.raises(NoLayerError, match="moto is in no layer"):
            needed_layers({"moto"})

    def test_a_layer_that_nobody_has_and_one_declared_in_its_own_way(self) -> None:
        template = load_template(ROOT / "functions" / "payments" / "template.yaml")
        resources = template["Resources"]
        resources["TextLayer"] = resources["WebLayer"]
        del resources["CoreLayer"]["Properties"]["CompatibleArchitectures"]
        assert strange_layers(template, "payments") == ["TextLayer", "CoreLayer", "TextLayer"]

    def test_a_handler_that_imports_what_another_service_ships(self) -> None:
        handler = ROOT / "functions" / "payments" / "get_payment" / "handler.py"
        assert "shared.payments.wiring" in missing_from_shared(handler, "customers")

    def test_a_lock_that_is_behind_the_environment(self, tmp_path: Path) -> None:
        lock = tmp_path / "requirements.txt"
        shutil.copy(ROOT / "layers" / "redis" / "requirements.txt", lock)
        lock.write_text(lock.read_text().replace("redis==", "redis==0."))
        assert disagreeing(lock).keys() == {"redis"}
