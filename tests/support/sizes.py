"""How much a test of many items takes: as much as shows it, or with ``FULL_SIZE`` all of it."""

import os


def size(usual: int, full: int) -> int:
    """Return *full* where the environment sets ``FULL_SIZE``, as `make check-full` does."""
    return full if os.environ.get("FULL_SIZE") else usual
