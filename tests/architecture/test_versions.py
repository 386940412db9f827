"""A build publishes a version of each function that runs something new, and of no other.

Two builds are stamped as `make build` does it and translated by SAM; CloudFormation publishes a
version when its logical id is new.
"""

import shutil
from functools import partial
from pathlib import Path

import pytest

from tools.build.fingerprint import fingerprint
from tools.build.stamp import Fingerprints, stamped_text
from tools.check import resources
from tools.check.project import ROOT, functions_of
from tools.local.bundle import Bundle
from tools.local.templates import Template, parse_template

pytestmark = pytest.mark.row("OPS-04")

SOME = ("gateway", "orders", "payments")
ONE = ("payments",)
VERSION = "AWS::Lambda::Version"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of everything that is built."""
    for folder in ("functions", "layers", "shared"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def published(
    project: Path,
    release: str,
    services: tuple[str, ...] = SOME,
    fingerprints: Fingerprints | None = None,
) -> dict[str, str]:
    """Function → logical id of the version that the build of *project* publishes."""
    found = {}
    for name in services:
        text = (project / "functions" / name / "template.yaml").read_text("utf-8")
        stamped = stamped_text(text, release, fingerprints or partial(fingerprint, root=project))
        for function, version in versions(parse_template(stamped)).items():
            found[f"{name}/{function}"] = version
    return found


def versions(template: Template) -> dict[str, str]:
    return {
        each["Properties"]["FunctionName"]["Ref"]: name
        for name, each in resources.translate(template)["Resources"].items()
        if each["Type"] == VERSION
    }


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    assert before.keys() == after.keys()
    return {name for name, was in before.items() if after[name] != was}


def edit(path: Path) -> None:
    path.write_text(f"{path.read_text('utf-8')}\n# edited\n", "utf-8")


@pytest.fixture(scope="module")
def before() -> dict[str, str]:
    return published(ROOT, "1.0.0+aaa")


@pytest.mark.parametrize(
    ("path", "affects"),
    [
        ("shared/payments/domain/payment.py", {"payments/"}),
        ("shared/catalog/api.py", {"gateway/", "orders/"}),
        ("shared/notifications/domain/notification.py", set()),  # none of these three ships it
        ("functions/orders/place_order/handler.py", {"orders/PlaceOrderFunction"}),
    ],
)
def test_one_line_publishes_each_function_that_runs_it_and_no_other(
    before: dict[str, str], project: Path, path: str, affects: set[str]
) -> None:
    edit(project / path)
    expected = {name for name in before if any(part in name for part in affects)}
    assert changed(before, published(project, "1.0.1+bbb")) == expected


def test_another_release_of_the_same_code_publishes_nothing(before: dict[str, str]) -> None:
    assert len(before) == 21
    assert changed(before, published(ROOT, "2.0.0+ccc")) == set()


@pytest.mark.parametrize(
    ("old", "new", "affects"),
    [
        ("    MemorySize: 1024\n", "    MemorySize: 2048\n", {"/"}),
        ("      CodeUri: get_payment/\n", "      CodeUri: get_payment/\n      Timeout: 9\n",
         {"payments/GetPaymentFunction"}),
        ("        LOG_LEVEL: !Ref LogLevel\n", "        LOG_LEVEL: DEBUG\n", {"/"}),
        ('Path: "/api/v1/payments/{order_id}"', 'Path: "/api/v1/paid/{order_id}"', set()),
    ],
    ids=["memory", "time-out", "environment", "route"],
)  # fmt: skip
def test_a_setting_publishes_the_functions_that_have_it(
    before: dict[str, str], project: Path, old: str, new: str, affects: set[str]
) -> None:
    """SAM looks at nothing else where it is given a hash, so the hash covers all of them."""
    path = project / "functions/payments/template.yaml"
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    known = {name: version for name, version in before.items() if "payments/" in name}
    expected = {name for name in known if any(part in name for part in affects)}
    assert changed(known, published(project, "1.0.0+aaa", ONE)) == expected


@pytest.mark.parametrize(
    ("path", "affects"),
    [
        ("shared/payments/domain/payment.py", "Function"),
        ("functions/payments/get_payment/handler.py", "GetPaymentFunction"),
    ],
)
def test_plain_sam_publishes_too(project: Path, path: str, affects: str) -> None:
    """Without a stamp SAM compares what a function consists of, its layers' artifacts included."""
    before = versions(packaged(project, "payments"))
    edit(project / path)
    expected = {name for name in before if affects in name}
    assert changed(before, versions(packaged(project, "payments"))) == expected != set()


def packaged(project: Path, name: str) -> Template:
    """A template whose artifacts are named after their content, as `sam package` leaves it."""
    path = project / "functions" / name / "template.yaml"
    template = parse_template(path.read_text("utf-8"))
    bundle = Bundle(project, project / "cache")
    for resource in template["Resources"].values():
        bundle._replace_references(resource, path.parent)
    return template


@pytest.mark.parametrize("parameter", ["LogLevel", "SnapStart", "PythonVersion", "PaymentGateway"])
def test_another_value_of_a_parameter_replaces_the_version(parameter: str) -> None:
    """The value is in the version's description, which CloudFormation cannot change in place."""
    text = (ROOT / "functions/payments/template.yaml").read_text("utf-8")
    translated = resources.translate(parse_template(text))["Resources"].values()
    described = [e["Properties"]["Description"] for e in translated if e["Type"] == VERSION]
    said = [each for each in described if f"${{{parameter}}}" in each["Fn::Sub"]]
    having = 2 if parameter == "PaymentGateway" else len(described)  # process and refund
    assert len(said) == having


def test_no_secret_is_in_a_description() -> None:
    secrets = []
    for name in SOME:
        template = parse_template((ROOT / f"functions/{name}/template.yaml").read_text("utf-8"))
        secret = [n for n, each in template["Parameters"].items() if each.get("NoEcho")]
        said = str([each["VersionDescription"] for each in functions_of(template).values()])
        assert not [each for each in secret if each in said]
        secrets += secret
    assert secrets


class TestTheGateCanFail:
    def test_a_build_that_forgets_what_is_shared(
        self, before: dict[str, str], project: Path
    ) -> None:
        edit(project / "shared/payments/domain/payment.py")
        known = {name: version for name, version in before.items() if "payments/" in name}
        stale = published(project, "1.0.1+bbb", ONE, partial(fingerprint, root=ROOT))
        assert changed(known, stale) == set()

    def test_what_sam_alone_makes_of_a_layer_that_has_changed(self, project: Path) -> None:
        """No version: a function's own code is what it was, and so is its layer's logical id."""

        def bare() -> dict[str, str]:
            template = packaged(project, "payments")
            for properties in functions_of(template).values():
                del properties["AutoPublishAliasAllProperties"]
            return versions(template)

        before = bare()
        edit(project / "shared/payments/domain/payment.py")
        assert changed(before, bare()) == set()
