"""`python -m tools.operate.migrate`."""

from tools.entry.start import run

raise SystemExit(run("tools.operate.migrate.cli"))
