"""`python -m tools.replay`."""

from tools.entry import run

raise SystemExit(run("tools.replay.cli"))
