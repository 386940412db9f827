"""`python -m tools.shop.demo`."""

from tools.entry.start import run

raise SystemExit(run("tools.shop.demo.cli"))
