"""Start a tool whose import takes a while."""

import importlib

from tools.entry.ending import leave
from tools.entry.guard import STOPPED, guarded


def run(module: str) -> int:
    """Run the ``main`` of *module*, whose import is guarded too: it may take a second.

    After Ctrl-C the process ends here: at its exit Python would wait for threads that may sit in
    a call to a server that does not answer.
    """
    status = guarded(lambda: int(importlib.import_module(module).main()))()
    if status == STOPPED:
        leave(status)
    return status
