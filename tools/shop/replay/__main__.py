"""`python -m tools.shop.replay`."""

import sys

from tools.shop.replay.cli import main

sys.exit(main())
