"""Runs MiniStack, and ends it when the process that started it is gone."""

import os
import signal
import sys
import threading

STDIN = 0


def _end_with_parent() -> None:
    # The parent holds the other end of stdin: it closes even when the parent is killed. Read
    # below `sys.stdin`, whose lock a blocked reader would keep from the interpreter's shutdown.
    while os.read(STDIN, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Serve until stopped; the configuration is in the environment."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from ministack.app import main as serve  # noqa: PLC0415 - the watch comes first

    sys.argv = ["ministack"]
    serve()


if __name__ == "__main__":
    main()
