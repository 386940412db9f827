"""`python -m tools.shop.replay`."""

from tools.entry.guard import run

raise SystemExit(run("tools.shop.replay.cli"))
