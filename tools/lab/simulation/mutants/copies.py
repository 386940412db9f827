"""Throw-away copies of the project, in which a mutant's patch is applied."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.lab.simulation.mutants.mutant import Mutant

ROOT = Path(__file__).parents[4]
_NEEDED = ("shared", "functions", "events", "tools")
_FILES = (
    "template.yaml",
    "pyproject.toml",
    "requirements/dev.txt",
    "tests/authorization/who_may.toml",
)


@contextmanager
def patched_copy(mutant: Mutant) -> Iterator[Path]:
    """Yield the root of a copy that has the bug, for as long as the block lasts."""
    with TemporaryDirectory(prefix="mutant-") as folder:
        root = Path(folder)
        for name in _NEEDED:
            shutil.copytree(ROOT / name, root / name)
        for name in _FILES:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
        mutant.apply(root)
        yield root
