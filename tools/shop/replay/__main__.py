"""`python -m tools.shop.replay`."""

from tools.entry.start import run

raise SystemExit(run("tools.shop.replay.cli"))
