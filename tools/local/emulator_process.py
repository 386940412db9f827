"""Runs MiniStack, ends it when the process that started it is gone, and its workers with it."""

import os
import signal
import sys
import threading
from typing import Any

from tools.local import emulator_gateway
from tools.local.emulator_guard import EmulatorGuard

STDIN = 0
IAM_RECORD = "IAM_RECORD"
"""The variable that names the file for what IAM is asked; nothing is recorded without it."""


def _end_with_parent() -> None:
    # The parent holds the other end of stdin: it closes even when the parent is killed. Read
    # below `sys.stdin`, whose lock a blocked reader would keep from the interpreter's shutdown.
    while os.read(STDIN, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _record_questions(file: str) -> None:
    """Append each principal, action and resource that IAM is asked about to *file*, once."""
    from ministack.core import iam_evaluator  # noqa: PLC0415  # see `main`

    evaluate = iam_evaluator.evaluate
    seen: set[str] = set()

    def recording(context: Any, *policies: Any) -> Any:
        line = f"{context.principal_arn}\t{context.action}\t{context.resource_arn}\n"
        if line not in seen:
            seen.add(line)
            with open(file, "a", encoding="utf-8") as record:  # noqa: PTH123  # a path as text
                record.write(line)
        return evaluate(context, *policies)

    iam_evaluator.evaluate = recording


def main() -> None:
    """Serve until stopped; the configuration is in the environment."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # The watch comes first: these imports take long enough to be interrupted in.
    from ministack import app  # noqa: PLC0415
    from ministack.core import lambda_runtime  # noqa: PLC0415
    from ministack.services import apigateway  # noqa: PLC0415

    emulator_gateway.correct(apigateway)
    app.app = EmulatorGuard(app.app)

    if file := os.environ.pop(IAM_RECORD, ""):
        _record_questions(file)
    sys.argv = ["ministack"]
    try:
        app.main()
    finally:
        lambda_runtime.reset()  # ends the workers and waits for them


if __name__ == "__main__":
    main()
