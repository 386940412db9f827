"""`python -m tools.demo`."""

from tools.entry import run

raise SystemExit(run("tools.demo.cli"))
