"""`python -m tools.migrate`."""

from tools.entry import run

raise SystemExit(run("tools.migrate.cli"))
