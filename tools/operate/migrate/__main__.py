"""`python -m tools.operate.migrate`."""

import sys

from tools.operate.migrate.cli import main

sys.exit(main())
