"""What this release is called, and where the build writes it: ``python -m tools.build.release``.

Into every template that was built, not into what is built: the same code stays the same artefact
whichever release it is in (docs/adr/0022). Without ``--stamp`` it only prints the name.
"""

import subprocess
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tools.build.fingerprint import fingerprint
from tools.build.narrow import narrow
from tools.build.stamp import stamp
from tools.build.target import architecture, python_version
from tools.entry.arguments import Parser
from tools.entry.guard import guarded

ROOT = Path(__file__).parents[2]
BUILT = ROOT / ".aws-sam"


def release_name(version: str, commit: str, built: datetime) -> str:
    """Return a semantic version with build metadata, as functions read it."""
    when = built.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"{version}+{commit}.{when}" if commit else version


def current_release(version: str | None = None, root: Path = ROOT) -> str:
    """Return the name of what lies in *root* now; the project's own version by default."""
    return release_name(version or project_version(root), commit_of(root), datetime.now(UTC))


def project_version(root: Path = ROOT) -> str:
    """Return the version in ``pyproject.toml``."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    version: str = project["version"]
    return version


def commit_of(root: Path = ROOT) -> str:
    """Return the commit that is checked out, ``-modified`` if files differ; none without git."""
    asked = ["describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=-modified"]
    try:
        return subprocess.check_output(
            ["git", *asked],
            cwd=root,
            stderr=subprocess.DEVNULL,
            text=True,
        ).strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Print the name, and stamp what was built when asked to."""
    parser = Parser(prog="python -m tools.build.release", description=__doc__)
    parser.add_argument("--stamp", action="store_true", help="write it into the built templates")
    name = current_release()
    if parser.parse_args(arguments).stamp:
        print(f"release {name}: {len(stamp(BUILT, name, cache(fingerprint)))} templates")
        only = {"PythonVersion": f"python{python_version()}", "Architecture": architecture()}
        print(f"{' on '.join(only.values())} alone: {narrow(BUILT, only)} templates")
    else:
        print(name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
