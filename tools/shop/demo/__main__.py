"""`python -m tools.shop.demo`."""

from tools.entry.guard import run

raise SystemExit(run("tools.shop.demo.cli"))
