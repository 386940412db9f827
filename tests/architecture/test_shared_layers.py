"""Each service ships its own part of `shared`, and changes when that part does."""

import hashlib
import shutil
from pathlib import Path

import grimp
import pytest

from tools.build import shared_layer, target
from tools.build.fingerprint import fingerprint
from tools.build.imports import package
from tools.check.project import ROOT, contexts, functions_of
from tools.local.templates import load_template

CONTEXTS = contexts()
PRODUCT = "shared.catalog.domain.product"


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """The second opinion on who imports what: that of the import contracts."""
    return grimp.build_graph("shared", exclude_type_checking_imports=True, cache_dir=None)


def expected(graph: grimp.ImportGraph, context: str) -> set[str]:
    """Names of the modules that a service ships, read from the graph."""
    start = {"shared"}
    for name in ("shared.kernel", "shared.platform", f"shared.{context}"):
        start |= {name} | graph.find_descendants(name)
    found = start.union(*(graph.find_upstream_modules(module) for module in start))
    around = {name.rsplit(".", depth)[0] for name in found for depth in range(name.count(".") + 1)}
    return found | around


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of everything that is built."""
    for folder in ("functions", "layers", "shared"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_service_ships_what_it_may_import(context: str, graph: grimp.ImportGraph) -> None:
    shipped = set(shared_layer.modules(ROOT / "shared", context))
    names = {name for name, path in package("shared", ROOT / "shared").items() if path in shipped}
    assert names == expected(graph, context)
    assert len(names) < len(graph.modules)


def test_a_context_that_is_not_there() -> None:
    with pytest.raises(target.BuildError, match="no context wishlists"):
        shared_layer.modules(ROOT / "shared", "wishlists")


def artefacts(project: Path, into: Path) -> dict[str, str]:
    """Context → hash of its built shared layer."""
    found = {}
    for context in CONTEXTS:
        shared_layer.build(project / "shared", into / context, context)
        found[context] = content(into / context)
    return found


def content(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"\0{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    assert before.keys() == after.keys()
    return {name for name, was in before.items() if after[name] != was}


def test_an_edit_changes_the_artefacts_of_those_alone_who_import_it(
    project: Path, graph: grimp.ImportGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(target.NO_BYTECODE, "1")  # quicker, and it follows from the sources
    affected = {context for context in CONTEXTS if PRODUCT in expected(graph, context)}
    before = artefacts(project, project / "before")
    edit(project / "shared" / "catalog" / "domain" / "product.py")
    assert changed(before, artefacts(project, project / "after")) == affected
    assert {"catalog", "orders"} <= affected
    assert {"customers", "identity", "notifications", "payments"} & affected == set()


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    try:
        target.interpreter(target.python_version())
    except target.BuildError as error:
        pytest.skip(f"the layers cannot be built here: {str(error).splitlines()[0]}")
    for folder, context in (("one", "payments"), ("two", "payments"), ("three", "customers")):
        shared_layer.build(ROOT / "shared", tmp_path / folder, context)
    one, two, three = (tmp_path / folder for folder in ("one", "two", "three"))
    assert content(one) == content(two) != content(three)
    platform = "python/shared/platform"
    assert list((one / platform).rglob("*.pyc"))
    assert content(one / platform) == content(three / platform)


SOME = ("gateway", "identity", "orders", "payments")


def fingerprints(project: Path) -> dict[str, str]:
    return {
        f"{context}/{function}": found
        for context in SOME
        for function, found in fingerprint(context, project).items()
    }


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    return fingerprints(ROOT)


def edit(path: Path) -> None:
    path.write_text(path.read_text() + "\n# edited\n")


def test_every_function_has_a_fingerprint_of_its_own(known: dict[str, str], project: Path) -> None:
    templates = {name: ROOT / "functions" / name / "template.yaml" for name in SOME}
    named = {name: load_template(path) for name, path in templates.items()}
    assert known.keys() == {f"{c}/{name}" for c, of in named.items() for name in functions_of(of)}
    assert len(set(known.values())) == len(known) > 20
    assert fingerprints(project) == known, "it does not depend on where the project is"


@pytest.mark.parametrize(
    ("path", "affects"),
    [
        ("functions/orders/place_order/handler.py", {"orders/PlaceOrderFunction"}),
        ("shared/payments/domain/payment.py", {"payments/"}),
        ("shared/catalog/api.py", {"gateway/", "orders/"}),
        ("shared/platform/runtime/settings.py", {"/"}),
        ("layers/redis/requirements.txt", {"gateway/GetProductDetailsFunction"}),
        (
            "layers/crypto/trim.toml",
            {
                f"identity/{name}Function"
                for name in (
                    "Authorize",
                    "ChangePassword",
                    "LogIn",
                    "RefreshTokens",
                    "Register",
                    "RotateSigningKeys",
                )
            },
        ),
        ("layers/core/botocore-services.txt", {"/"}),
        ("shared/orders/README.md", set()),
        ("layers/web/requirements.in", set()),
        ("functions/orders/template.yaml", set()),
    ],
)
def test_a_fingerprint_changes_with_what_the_function_runs(
    known: dict[str, str], project: Path, path: str, affects: set[str]
) -> None:
    """*affects* are parts of functions' names; what a template says is deployed anyway."""
    edit(project / path)
    expected = {name for name in known if any(part in name for part in affects)}
    assert changed(known, fingerprints(project)) == expected


def test_a_fingerprint_changes_with_the_runtime(
    known: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEWIND_ARCH", "x86_64")
    assert changed(known, fingerprints(ROOT)) == known.keys()


def test_a_layer_that_is_taken_away_changes_the_fingerprint(
    known: dict[str, str], project: Path
) -> None:
    template = project / "functions" / "gateway" / "template.yaml"
    text = template.read_text()
    redis = ", !If [CacheInRedis, !Ref RedisLayer, !Ref AWS::NoValue]"
    assert redis in text
    template.write_text(text.replace(redis, ""))
    assert changed(known, fingerprints(project)) == {"gateway/GetProductDetailsFunction"}
