"""`python -m tools.operate.migrate`."""

from tools.entry.guard import run

raise SystemExit(run("tools.operate.migrate.cli"))
