"""Start a tool whose import takes a while."""

import importlib
import os
import sys

from tools.entry.guard import NOT_DONE, STOPPED, explained_if_known, guarded, say


def run(module: str) -> int:
    """Run the ``main`` of *module*, whose import is guarded too: it may take a second.

    After Ctrl-C the process ends here: at its exit Python would wait for threads that may sit in
    a call to a server that does not answer.
    """
    status = guarded(lambda: int(importlib.import_module(module).main()))()
    if status == STOPPED:
        _exit(status)
    return status


def end(error: BaseException) -> bool:
    """End a process whose tool got no further than *error*; false where nobody foresaw that."""
    if isinstance(error, KeyboardInterrupt):
        say("Stopped.")
        _exit(STOPPED)
    lines = explained_if_known(error) if isinstance(error, Exception) else []
    if lines:
        say(*lines)
        _exit(NOT_DONE)
    return False


def _exit(status: int) -> None:
    sys.stdout.flush()
    os._exit(status)
