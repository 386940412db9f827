"""Runs MiniStack, ends it when the process that started it is gone, and its workers with it."""

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
    # The watch comes first: these imports take long enough to be interrupted in.
    from ministack.app import main as serve  # noqa: PLC0415
    from ministack.core import lambda_runtime  # noqa: PLC0415

    sys.argv = ["ministack"]
    try:
        serve()
    finally:
        lambda_runtime.reset()  # ends the workers and waits for them


if __name__ == "__main__":
    main()
