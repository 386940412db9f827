"""`make new`: the skeleton of each kind of use case passes the checks and fails one test."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.check.project import ROOT
from tools.new.__main__ import main
from tools.new.errors import CannotMake
from tools.new.source import module_of
from tools.new.wanted import publishers, understood

LEFT_OUT = {".git", ".hypothesis", ".local", ".aws-sam", ".mypy_cache", ".ruff_cache", "build"}
ROUTE, EVENT = "--route", "--event"
KINDS = {
    "query": ("orders/list_orders", ROUTE, "GET /api/v1/orders/all"),
    "command": ("inventory/count_stock", ROUTE, "POST /api/v1/inventory/{product_id}/count"),
    "consumer": ("payments/settle_payment", EVENT, "order.completed"),
}
SECOND = ("catalog/list_suppliers", ROUTE, "GET /api/v1/suppliers")
"""A use case for a stack that the context does not have yet."""
SERVED = "tests/architecture/test_routes.py::test_a_function_serves_the_route_of_its_template"
ASKED = (
    # What stands for the tests of the whole project: those that go through the lists.
    "tests/architecture/test_handlers.py",
    "tests/architecture/test_messages.py",
    "tests/architecture/test_subscriptions.py",
    "tests/architecture/test_templates.py::test_every_handler_is_a_function_of_one_template_of_its_context",
    "tests/architecture/test_templates.py::test_functions_are_named_after_their_use_case",
    "tests/unit/tools/local/test_root_template.py",
    "tests/functions/test_unmatched.py",
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project as it stands, less what is built."""

    def ignored(folder: str, names: list[str]) -> set[str]:
        top = LEFT_OUT if Path(folder) == ROOT else set()
        return {n for n in names if n in top or n.startswith(".venv") or n.endswith("cache__")}

    target = tmp_path / "project"
    shutil.copytree(ROOT, target, ignore=ignored)
    return target


def run(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=copy, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


@pytest.mark.long
def test_new_use_cases_pass_the_checks_and_fail_one_test_each_that_says_what_to_write(
    copy: Path,
) -> None:
    """One of each kind, one after the other in the same project."""
    for asked in (*KINDS.values(), (*SECOND, "--stack", "admin")):
        made = run(copy, "tools.new", *asked)
        assert made.returncode == 0, made.stdout
    for name in ("admin.template.yaml", "unmatched_admin/handler.py"):
        assert f"new     functions/catalog/{name}" in made.stdout
    for command in (
        ("ruff", "check", "--quiet", "--no-cache"),
        ("ruff", "format", "--check", "--quiet", "--no-cache"),
        ("tools.templates", "--check"),
        ("tools.docs", "--check"),
    ):
        done = run(copy, *command)
        assert done.returncode == 0, done.stdout
    every = [*KINDS.values(), SECOND]
    own = ["tests/functions/{}/test_{}.py".format(*name.split("/")) for name, _, _ in every]
    routes = [f"{SERVED}[{trigger}]" for _, option, trigger in every if option == ROUTE]
    tested = run(copy, "pytest", "-q", "-p", "no:cacheprovider", *own, *routes, *ASKED)
    failed = re.findall(r"^FAILED (\S+)", tested.stdout, re.MULTILINE)
    assert sorted(failed) == sorted(f"{each}::test_it_does_what_it_is_for" for each in own), (
        tested.stdout
    )
    assert tested.stdout.count("To write, in this order:") >= len(own)
    for name, _, _ in KINDS.values():
        assert f"functions/{name.partition('/')[0]}/template.yaml" in tested.stdout
    assert "functions/catalog/admin.template.yaml" in tested.stdout


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (("orders/list", "GET /api/v1/x", ""), "is not <context>/<verb>_<noun>"),
        (("order/list_orders", "GET /api/v1/x", ""), "There is no context order; there is orders"),
        (
            ("orders/get_order", "GET /api/v1/x", ""),
            "functions/orders/get_order is there already.",
        ),
        (("orders/list_orders", "", ""), "Say either ROUTE="),
        (("orders/list_orders", "GET /api/v1/x", "order.placed"), "Say either ROUTE="),
        (("orders/list_orders", "LIST /api/v1/x", ""), "is not a method and a path"),
        (("orders/show_order", "GET /api/v1/orders/{id}", ""), "is orders/get_order's."),
        (
            ("orders/hear_it", "", "order.plcaed"),
            "There is no event order.plcaed; there is order.pl",
        ),
    ],
)
def test_what_makes_no_sense_is_said(asked: tuple[str, str, str], answer: str) -> None:
    with pytest.raises(CannotMake) as caught:
        understood(ROOT, *asked)
    assert answer in str(caught.value)


def test_a_stack_that_no_context_may_have_is_refused() -> None:
    with pytest.raises(CannotMake, match=r"STACK=reports is none .* there is admin"):
        understood(ROOT, "orders/list_orders", "GET /api/v1/orders/all", "", "reports")


def test_it_is_said_to_whoever_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["orders/get_order", "--route", "GET /api/v1/orders/all"]) == 2
    assert capsys.readouterr().err == "functions/orders/get_order is there already.\n"


def test_an_event_is_its_contexts() -> None:
    found = publishers(ROOT)
    assert found["order.placed"] == "orders"
    assert found["payment.succeeded"] == "payments"
    assert found["product.created"] == "catalog"


def test_skeletons_import_what_the_code_imports_from_where_it_does() -> None:
    with pytest.raises(CannotMake, match="No code here imports NoSuchName"):
        module_of("NoSuchName", ROOT)
