"""End a process whose tool got no further than its imports.

Apart from `tools.entry.start`, which imports a module by its name: what builds the layers comes
by here, and its fingerprint follows import statements alone.
"""

import os
import sys

from tools.entry.guard import NOT_DONE, STOPPED, explained_if_known, say


def end(error: BaseException) -> bool:
    """End a process whose tool got no further than *error*; false where nobody foresaw that."""
    if isinstance(error, KeyboardInterrupt):
        say("Stopped.")
        leave(STOPPED)
    lines = explained_if_known(error) if isinstance(error, Exception) else []
    if lines:
        say(*lines)
        leave(NOT_DONE)
    return False


def leave(status: int) -> None:
    """End the process at once: at its exit Python would wait for threads."""
    sys.stdout.flush()
    os._exit(status)
