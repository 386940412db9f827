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

LEFT_OUT = {".git", ".local", ".aws-sam", ".mypy_cache", ".ruff_cache", "build"}
KINDS = {
    "query": ("orders/list_orders", "--route", "GET /api/v1/orders/all"),
    "command": ("inventory/count_stock", "--route", "POST /api/v1/inventory/{product_id}/count"),
    "consumer": ("payments/settle_payment", "--event", "order.completed"),
}
ASKED = (
    # What stands for the checks and tests of the whole project where a use case is listed.
    "tests/architecture/test_handlers.py",
    "tests/architecture/test_messages.py",
    "tests/architecture/test_subscriptions.py",
    "tests/architecture/test_templates.py",
    "tests/unit/tools/local/test_root_template.py",
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


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_use_case_passes_the_checks_and_fails_the_one_test_that_says_what_to_write(
    copy: Path, kind: str
) -> None:
    made = run(copy, "tools.new", *KINDS[kind])
    assert made.returncode == 0, made.stdout
    context, _, use_case = KINDS[kind][0].partition("/")
    for command in (
        ("ruff", "check", "--quiet", "--no-cache"),
        ("ruff", "format", "--check", "--quiet", "--no-cache"),
        ("tools.templates", "--check"),
        ("tools.docs", "--check"),
    ):
        done = run(copy, *command)
        assert done.returncode == 0, done.stdout
    _, option, trigger = KINDS[kind]
    served = "tests/architecture/test_routes.py::test_a_function_serves_the_route_of_its_template"
    routes = [f"{served}[{trigger}]"] if option == "--route" else []
    own = f"tests/functions/{context}/test_{use_case}.py"
    tested = run(copy, "pytest", "-q", "-p", "no:cacheprovider", own, *routes, *ASKED)
    assert re.findall(r"^FAILED (\S+)", tested.stdout, re.MULTILINE) == [
        f"{own}::test_it_does_what_it_is_for"
    ], tested.stdout
    assert "To write, in this order:" in tested.stdout
    assert f"shared/{context}/" in tested.stdout


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
