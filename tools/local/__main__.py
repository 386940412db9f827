"""`python -m tools.local run | logs | mails`: the local stack from the command line."""

from tools.local.cli import main

raise SystemExit(main())
