"""The checks, each a function that returns what it found and how much it looked at."""

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.check.project import (
    PARTS,
    ROOT,
    functions_of,
    part_of,
    stacks,
    template_of,
    template_paths,
)
from tools.check.resources import RESOURCE_LIMIT, count
from tools.local.templates import load_template

BIN = Path(sys.executable).parent
SAM = Path(__file__).parents[2] / ".venv-sam" / "bin" / "sam"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of a check. A check that looked at nothing has failed."""

    name: str
    passed: bool
    looked_at: str
    output: str = ""


def ruff_check() -> Finding:
    shown = _run(BIN / "ruff", "check", "--show-files").stdout.splitlines()
    files = sum(line.endswith(".py") for line in shown)
    return _of("ruff check", [BIN / "ruff", "check", "--quiet"], files, "files")


def ruff_format() -> Finding:
    done = _run(BIN / "ruff", "format", "--check")
    files = re.search(r"(\d+) files? already formatted", done.stdout)
    return _finding("ruff format", done, int(files[1]) if files else 0, "files")


def mypy() -> Finding:
    done = _run(BIN / "mypy")
    files = re.search(r"(\d+) source files", done.stdout)
    return _finding("mypy --strict", done, int(files[1]) if files else 0, "files")


def import_contracts() -> Finding:
    done = _run(BIN / "lint-imports")
    kept = re.search(r"Contracts: (\d+) kept, \d+ broken", done.stdout)
    return _finding("import-linter", done, int(kept[1]) if kept else 0, "contracts")


def cfn_lint() -> Finding:
    """Of what SAM makes of each template, by the provider schemas; hints count as failures."""
    paths = template_paths(ROOT)
    return _of("cfn-lint", [BIN / "cfn-lint", "-c", "I", "--", *paths], len(paths), "templates")


def sam_validate() -> Finding:
    """Each template by itself: validating a parent does not look at its children."""
    paths = template_paths(ROOT)
    done = [_run(SAM, "validate", "--lint", "--region", "eu-central-1", "-t", p) for p in paths]
    output = "".join(d.stdout for d in done if d.returncode)
    return Finding(
        "sam validate --lint",
        bool(paths) and not any(d.returncode for d in done),
        f"{len(paths)} templates",
        output,
    )


def resource_count() -> Finding:
    templates = {path: load_template(path) for path in template_paths(ROOT)}
    counts = {path: count(template) for path, template in templates.items()}
    functions = sum(len(functions_of(template)) for template in templates.values())
    over = {path: n for path, n in counts.items() if n > RESOURCE_LIMIT}
    return Finding(
        "resources per stack",
        bool(functions) and not over,
        f"{len(counts)} templates, {functions} functions, "
        f"at most {max(counts.values(), default=0)} of {RESOURCE_LIMIT} resources",
        too_many(over),
    )


def too_many(over: Mapping[Path, int]) -> str:
    """What to do about the templates that are over the limit, by how many resources they have."""
    return "".join(
        f"{path.relative_to(ROOT)} has {found} resources of {RESOURCE_LIMIT}: "
        + (
            f"move functions to {template_of(path.parent.name, PARTS[-1], Path())}, or begin "
            "the next ones there (make new … STACK=admin)\n"
            if path in stacks(ROOT).values() and not part_of(path)
            else "there is no second stack beside it\n"
        )
        for path, found in over.items()
    )


def generated_docs() -> Finding:
    done = _run(sys.executable, "-m", "tools.docs", "--check")
    routes = re.search(r"(\d+) routes", done.stdout)
    return _finding("README's tables", done, int(routes[1]) if routes else 0, "routes")


def generated_templates() -> Finding:
    done = _run(sys.executable, "-m", "tools.templates", "--check")
    templates = re.search(r"(\d+) templates", done.stdout)
    return _finding("generated regions", done, int(templates[1]) if templates else 0, "templates")


def updates() -> Finding:
    done = _run(sys.executable, "-m", "tools.check.updates")
    kept = re.search(r"(\d+) resources stay", done.stdout)
    return _finding("what updates keep", done, int(kept[1]) if kept else 0, "resources")


def ledgers() -> Finding:
    """That no row claims what it cannot; what the code as it is lacks is told, no failure."""
    done = _run(sys.executable, "-m", "tools.check.ledgers")
    rows = re.search(r"(\d+) (rows; .*)", done.stdout)
    return _finding("ledgers", done, int(rows[1]) if rows else 0, rows[2] if rows else "rows")


def _of(name: str, command: list[str | Path], looked_at: int, unit: str) -> Finding:
    return _finding(name, _run(*command), looked_at, unit)


def _finding(
    name: str, done: subprocess.CompletedProcess[str], looked_at: int, unit: str
) -> Finding:
    passed = done.returncode == 0 and looked_at > 0
    return Finding(name, passed, f"{looked_at} {unit}", "" if passed else done.stdout)


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, text=True, check=False, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


STEPS = (
    ruff_check,
    ruff_format,
    import_contracts,
    resource_count,
    generated_docs,
    generated_templates,
    updates,
    ledgers,
    cfn_lint,
    mypy,
    sam_validate,
)
