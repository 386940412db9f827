"""Stops whatever module is run here at the first import that is its own, as Ctrl-C may.

Python imports a module of this name by itself when it begins.
"""

import signal
import sys

_rung: list[str] = []


def _ring(event: str, _: object) -> None:
    if event != "import" or _rung:
        return
    frame = sys._getframe().f_back
    while frame is not None:
        if frame.f_globals.get("__name__") == "__main__" and frame.f_globals.get("__spec__"):
            _rung.append(event)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.raise_signal(signal.SIGINT)
            return
        frame = frame.f_back


sys.addaudithook(_ring)
