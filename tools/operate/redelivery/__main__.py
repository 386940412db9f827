"""``python -m tools.operate.redelivery``."""

from tools.entry.guard import run

raise SystemExit(run("tools.operate.redelivery.cli"))
