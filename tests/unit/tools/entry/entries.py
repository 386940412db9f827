"""Every module that a person can start."""

from pathlib import Path

from tools.check.project import ROOT

STARTED = '\nif __name__ == "__main__":\n'
CHILDREN = frozenset(
    {
        "tools/local/emulator_process.py",
        "tools/measure/bench/worker.py",
        "tools/measure/bench/recording.py",
    }
    | {"tools/check/routes_child.py", "tools/check/modules_child.py"}
    | {"tools/check/planted_child.py", "tools/check/sam_local_child.py"}
    | {"tools/lab/simulation/mutants/hunt.py", "tests/functions/telemetry_story.py"}
    | {"tests/unit/tools/entry/try_arguments.py"}
)
"""What only another process of ours starts."""


def entries() -> list[Path]:
    """Return every module that a person can start."""
    found = [
        path
        for folder in ("tools", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if path.name == "__main__.py" or STARTED in path.read_text("utf-8")
    ]
    return [path for path in found if path.relative_to(ROOT).as_posix() not in CHILDREN]


def module_of(path: Path) -> str:
    """Return what follows ``python -m``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts).removesuffix(".__main__")
