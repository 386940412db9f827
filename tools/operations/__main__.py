"""``python -m tools.operations``."""

from tools.operations.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
