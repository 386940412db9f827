"""``python -m tools.operate.redelivery``."""

from tools.entry.start import run

raise SystemExit(run("tools.operate.redelivery.cli"))
