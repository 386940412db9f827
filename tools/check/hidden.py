"""A run without the optional programs: its tests are skipped for that reason, and none fails.

It takes the tests that the whole run has seen to need a tier, and gives them a PATH without the
tiers' programs, an empty folder for downloads, and no package index.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path

from tools.check.outcomes import Case, Outcome
from tools.check.tiers import DOWNLOADS, TIERS, skipped_by

PROGRAMS = tuple(program for tier in TIERS for program in tier.programs)


@contextmanager
def environment() -> Iterator[Mapping[str, str]]:
    """Yield this process's environment with the tiers' programs hidden and out of reach."""
    with tempfile.TemporaryDirectory() as name:
        programs, downloads = Path(name) / "bin", Path(name) / "downloads"
        programs.mkdir()
        for path in _programs():
            if not (programs / path.name).is_symlink():
                (programs / path.name).symlink_to(path)
        yield {
            **{k: v for k, v in os.environ.items() if k != "TIERS"},
            "PATH": str(programs),
            DOWNLOADS: str(downloads),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": "",
        }


def _programs() -> Iterator[Path]:
    """Yield what is on the PATH, in its order, but for the tiers' programs."""
    for folder in os.environ["PATH"].split(os.pathsep):
        if not Path(folder).is_dir():
            continue
        for path in Path(folder).iterdir():
            if not any(fnmatch(path.name, hidden) for hidden in PROGRAMS):
                yield path


def files(cases: Iterable[Case]) -> list[str]:
    """Return the files with tests of a tier."""
    return sorted({case.file for case in cases if case.tiers})


def mistakes(outcome: Outcome) -> list[str]:
    """Return what the run shows to be wrong: nothing where each tier's tests were all skipped."""
    ran = sum(not case.skipped for case in outcome.cases)
    other = [reason for reason in outcome.skips if not skipped_by(reason)]
    missed = sorted({tier.name for tier in TIERS} - outcome.tiers_skipped)
    return [
        *([f"{ran} tests of a tier ran without it"] if ran else []),
        *(f"skipped for another reason: {reason}" for reason in other),
        *(f"no test was skipped without {name}" for name in missed),
    ]
