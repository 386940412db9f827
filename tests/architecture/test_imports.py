"""The import contracts of pyproject.toml can fail: each is shown a project that breaks it."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools.check.project import ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
CONTEXTS = (
    "catalog",
    "customers",
    "gateway",
    "identity",
    "inventory",
    "notifications",
    "operations",
    "orders",
    "payments",
)
FORBIDDEN = {
    "functions > contexts": ("shared/kernel/money.py", "import shared.platform.clock"),
    "inside a context": ("shared/orders/domain.py", "import shared.orders.adapters"),
    "the core knows no cloud": ("shared/orders/use_cases.py", "import botocore"),
    "handlers hold no technology": ("functions/orders/place/handler.py", "import botocore"),
    "tests > tools": ("tools/sim.py", "import tests.world"),
    "nothing deployed imports tools": ("shared/platform/clock.py", "import moto"),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project under the real contracts that keeps them all."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    modules = ["shared/kernel/money", "shared/platform/clock", "functions/orders/place/handler"]
    modules += ["tools/sim", "tests/world"]
    for context in CONTEXTS:
        modules += [f"shared/{context}/{name}" for name in ("domain", "use_cases", "ports")]
        modules += [f"shared/{context}/{name}" for name in ("adapters", "http", "api", "wiring")]
    for module in modules:
        path = tmp_path / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        if not module.startswith("functions"):
            (path.parent / "__init__.py").touch()
            (path.parent.parent / "__init__.py").touch()
    return tmp_path


def lint(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"], cwd=project, capture_output=True, text=True, check=False
    )


def test_the_small_project_keeps_every_contract(project: Path) -> None:
    done = lint(project)
    assert done.returncode == 0, done.stdout
    assert f"Contracts: {len(contracts())} kept, 0 broken" in done.stdout


@pytest.mark.parametrize("contract", FORBIDDEN)
def test_a_forbidden_import_breaks_its_contract(project: Path, contract: str) -> None:
    path, line = FORBIDDEN[contract]
    (project / path).write_text(line + "\n")
    done = lint(project)
    broken = [line for line in done.stdout.splitlines() if line.endswith(" BROKEN")]
    assert done.returncode == 1
    assert any(line.startswith(contract) for line in broken), done.stdout


def test_every_contract_has_its_planted_failure() -> None:
    unproven = [
        contract["name"]
        for contract in contracts()
        if not any(contract["name"].startswith(start) for start in FORBIDDEN)
    ]
    assert unproven == []


def contracts() -> list[dict[str, str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found: list[dict[str, str]] = settings["tool"]["importlinter"]["contracts"]
    return found
