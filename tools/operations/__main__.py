"""``python -m tools.operations``."""

from tools.entry import run

raise SystemExit(run("tools.operations.cli"))
