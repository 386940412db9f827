"""`python -m tools.shop.demo`."""

import sys

from tools.shop.demo.cli import main

sys.exit(main())
