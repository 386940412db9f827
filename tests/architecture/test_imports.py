"""The import contracts of pyproject.toml can fail: each is shown a project that breaks it."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from grimp import build_graph

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
CORE = ("domain", "ports", "queries", "use_cases")
FORBIDDEN = {
    "functions > contexts": ("shared/kernel/money.py", "import shared.platform.runtime.clock"),
    "wings of the platform": ("shared/platform/runtime/clock.py", "import shared.platform.http"),
    "inside a context": ("shared/orders/domain.py", "import shared.orders.adapters"),
    "the core knows no cloud": ("shared/orders/use_cases.py", "import botocore"),
    "handlers hold no technology": ("functions/orders/place/handler.py", "import botocore"),
    "tests > tools": ("tools/sim.py", "import tests.world"),
    "nothing deployed imports tools": ("shared/platform/runtime/clock.py", "import moto"),
}


def contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return found


def _private() -> list[str]:
    """The modules that the contracts keep to their wing."""
    return [name for each in contracts() for name in each.get("protected_modules", ())]


def _path(module: str) -> str:
    return module.replace(".", "/")


_WINGS = sorted(
    {name.split(".")[2] for name in _private()} | {"aws", "dynamodb", "events", "runtime"}
)
FORBIDDEN |= {
    f"private parts of {wing}": (
        f"shared/identity/{wing}_user.py",
        f"import {next(name for name in _private() if name.split('.')[2] == wing)}",
    )
    for wing in sorted({name.split(".")[2] for name in _private()})
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project under the real contracts that keeps them all."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    modules = ["shared/kernel/money", "shared/platform/runtime/clock"]
    modules += ["functions/orders/place/handler", *map(_path, _private())]
    modules += [f"shared/platform/{wing}/public" for wing in _WINGS]
    modules += ["tools/sim", "tests/world"]
    for context in CONTEXTS:
        modules += [f"shared/{context}/{name}" for name in CORE]
        modules += [f"shared/{context}/{name}" for name in ("adapters", "http", "api", "wiring")]
    for module in modules:
        path = tmp_path / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        if not module.startswith("functions"):
            for folder in list(path.relative_to(tmp_path).parents)[:-1]:
                (tmp_path / folder / "__init__.py").touch()
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


@pytest.mark.parametrize("part", CORE)
def test_every_part_of_the_core_is_held_to_its_contract(project: Path, part: str) -> None:
    (project / f"shared/orders/{part}.py").write_text("import shared.platform.runtime.clock\n")
    done = lint(project)
    assert "the core knows no cloud, no framework, no platform BROKEN" in done.stdout


def test_a_module_without_a_place_in_the_shape_breaks_it(project: Path) -> None:
    (project / "shared/orders/listing.py").touch()
    done = lint(project)
    assert done.returncode == 1
    assert "shared.orders.listing" in done.stdout


def test_every_contract_has_its_planted_failure() -> None:
    unproven = [
        contract["name"]
        for contract in contracts()
        if not any(contract["name"].startswith(start) for start in FORBIDDEN)
    ]
    assert unproven == []


def test_what_only_its_wing_imports_is_private_to_it() -> None:
    """So the lists in pyproject.toml are complete, and none of them keeps a promise to nobody."""
    graph = build_graph("functions", "shared")
    modules = [name for name in graph.modules if name.startswith("shared.platform.")]
    leaves = [name for name in modules if not graph.find_children(name)]
    unused = {
        name
        for name in leaves
        if all(
            user.split(".")[:3] == name.split(".")[:3]
            for user in graph.find_modules_that_directly_import(name)
        )
    }
    assert len(leaves) > 100
    assert unused - set(_private()) == FOR_TOOLS


FOR_TOOLS = {"shared.platform.entry.dispatch"}
"""What no function needs: `tools.operate.send` and the tests carry commands out with it."""
