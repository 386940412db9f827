"""``python -m tools.operate.redelivery``."""

from tools.operate.redelivery.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
