"""What a developer runs, by ``python -m tools.…``; nothing in here is ever deployed.

A tool answers in sentences once its ``main`` runs (`tools.entry.guard`). Before, it imports for a
second or two, which Ctrl-C or a package that is missing may end. Python reads this file before
any of that, so this is where such an end gets its sentence.
"""

import sys
from types import TracebackType


def _answer(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    from tools.entry.ending import end  # noqa: PLC0415  # only where something went wrong

    if not end(error):
        sys.__excepthook__(kind, error, trace)


if sys.argv[:1] == ["-m"]:  # Python is looking for the module that it was asked to run
    sys.excepthook = _answer
