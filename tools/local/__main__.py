"""`python -m tools.local run | logs | mails`: the local stack from the command line."""

from tools.entry.start import run

raise SystemExit(run("tools.local.cli"))
